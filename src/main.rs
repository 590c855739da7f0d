//! Starts the command line and hands its answer on as an exit code.

fn main() -> std::process::ExitCode {
    stancelog::cli::main()
}
