//! Tables for people: no lines, no colour, columns that fit the width, long words wrapped.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table as Grid, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::out::{Out, shown};

/// Blanks between columns.
const GAP: u16 = 2;

/// A table that is being filled.
pub(super) struct Table {
    grid: Grid,
    widest: Vec<usize>,
    fixed: Vec<usize>,
}

impl Table {
    /// A table with headings. Columns at `fixed` are never wrapped: numbers, dates and short words.
    pub(super) fn new(headings: &[&str], fixed: &[usize]) -> Self {
        let mut grid = Grid::new();
        grid.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_header(headings.iter().map(|heading| heading.to_uppercase()).collect::<Vec<_>>());
        Self { grid, widest: headings.iter().map(|heading| heading.width()).collect(), fixed: fixed.to_vec() }
    }

    /// Adds a row; what the user wrote comes out harmless.
    pub(super) fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| shown(cell).into_owned()).collect();
        for (widest, cell) in self.widest.iter_mut().zip(&cells) {
            *widest = (*widest).max(cell.width());
        }
        self.grid.add_row(cells);
    }

    /// Puts a column's cells to the right, as numbers stand.
    pub(super) fn numbers(&mut self, column: usize) {
        if let Some(column) = self.grid.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }

    /// Keeps a column from growing beyond so many columns of text.
    pub(super) fn at_most(&mut self, column: usize, width: u16) {
        if let Some(column) = self.grid.column_mut(column) {
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(width)));
        }
    }

    /// Prints it.
    pub(super) fn print(mut self, out: &mut Out) -> Result<(), Failure> {
        self.grid.set_width(u16::try_from(out.width).unwrap_or(u16::MAX));
        let last = self.widest.len().saturating_sub(1);
        for (index, widest) in self.widest.iter().enumerate() {
            let Some(column) = self.grid.column_mut(index) else { continue };
            column.set_padding((0, if index == last { 0 } else { GAP }));
            if self.fixed.contains(&index) {
                let width = u16::try_from(*widest).unwrap_or(u16::MAX).saturating_add(if index == last { 0 } else { GAP });
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
            }
        }
        for line in self.grid.lines() {
            out.line(&line)?;
        }
        Ok(())
    }
}
