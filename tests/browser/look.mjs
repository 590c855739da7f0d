// Looks at pages in Chromium, narrow and wide, light and dark: nothing may be wider than the window, and axe-core may find
// nothing serious. Leaves a picture of each whole page: NUMBER-WIDTH-SCHEME.png, by its place among the paths.
//
// node look.mjs ADDRESS FOLDER PATH...

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [address, folder, ...paths] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
mkdirSync(folder, { recursive: true });
let faults = 0;

// What stands out of the window to the right, apart from what scrolls in a box of its own.
const wide = () => {
  const width = document.documentElement.clientWidth;
  const boxed = (one) => one.closest('pre') || (one.closest('.scroll') && !one.matches('.scroll'));
  const out = [...document.querySelectorAll('body *')].filter((one) => !boxed(one) && one.getBoundingClientRect().right > width + 1);
  return out.slice(0, 5).map((one) => one.outerHTML.slice(0, 80));
};

// Words of pictures, as this browser writes them, that leave their paper or run into one another.
const illegible = () => {
  const found = [];
  for (const picture of document.querySelectorAll('.sl-chart')) {
    const paper = picture.getBoundingClientRect();
    if (paper.width === 0) continue;
    const words = [...picture.querySelectorAll('text')].map((one) => [one.textContent, one.getBoundingClientRect()]);
    for (const [index, [text, at]] of words.entries()) {
      if (at.left < paper.left - 1 || at.right > paper.right + 1 || at.bottom > paper.bottom + 1) found.push(`off the paper: ${text}`);
      // The boxes of lines reach a little beyond the letters.
      const meets = ([, other]) => at.left < other.right - 1 && other.left < at.right - 1 && at.top < other.bottom - 4 && other.top < at.bottom - 4;
      words.slice(index + 1).filter(meets).forEach(([other]) => found.push(`run together: ${text} / ${other}`));
    }
  }
  return found.slice(0, 5);
};

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1280]) {
    // The pages forbid foreign scripts, and axe-core is one.
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const [number, path] of paths.entries()) {
      const answer = await page.goto(address + path);
      const found = answer.ok() ? [] : [`status ${answer.status()}`];
      found.push(...(await page.evaluate(wide)).map((html) => `too wide: ${html}`));
      found.push(...(await page.evaluate(illegible)));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
      found.push(...serious.map((one) => `${one.id}: ${one.nodes[0].target}`));
      found.forEach((fault) => console.log(`${colorScheme} ${width} ${path}: ${fault}`));
      faults += found.length;
      await page.screenshot({ path: `${folder}/${number}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
}
await browser.close();
console.log(`${paths.length} pages, ${faults} faults; pictures in ${folder}`);
process.exit(faults === 0 ? 0 : 1);
