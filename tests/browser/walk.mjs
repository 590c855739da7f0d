// Walks through the pages in Chromium as a reader and a recorder do, by keyboard wherever a keyboard can: finds an actor, reads
// why, goes back in both times, records from a pasted text, takes it back, shares an address, follows the log, signs in.
// Waits for what should come, never for time to pass; anything that a page complains of is a fault too.
//
// node walk.mjs ADDRESS FOLDER PROGRAM LOG

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { strict as assert } from 'node:assert';
import { chromium } from 'playwright-core';

const [address, folder, program, log] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
// axe-core looks at what no address leads to.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sound = async (page) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes[0].target}`), []);
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const complaints = [];

// A window of its own, with nothing remembered. A page that answers with a refusal is logged by the browser as an error too;
// the walk itself looks at those.
const window = async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('dialog', (dialog) => complaints.push(`${page.url()} opened a dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(`${page.url()}: ${message.text()}`);
  });
  return page;
};

// Presses Tab until something is in focus, as somebody without a mouse does.
const tabTo = async (page, selector, words = '') => {
  for (let pressed = 0; pressed < 300; pressed += 1) {
    const is = await page.evaluate(([selector, words]) => {
      const at = document.activeElement;
      return at.matches(selector) && at.textContent.includes(words);
    }, [selector, words]);
    if (is) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${selector} ${words} on ${page.url()}`);
};

// Follows what is in focus by Enter, and waits for the page behind it.
const enter = async (page, path) => {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  const url = new URL(page.url());
  assert.ok((url.pathname + url.search).startsWith(path), `${url} is not ${path}`);
};

const type = async (page, selector, words) => {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(words);
};

const heading = (page) => page.locator('h1').innerText();
const main = (page) => page.locator('main').innerText();
const lead = (page) => page.locator('.lead').first().innerText();

const append = async (...events) => {
  const answer = await fetch(`${address}/v1/events`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(events) });
  assert.equal(answer.status, 201, await answer.text());
};
const asked = async (path) => (await fetch(address + path)).json();

const walks = {
  'find an actor and read why': async (page) => {
    await page.goto(address);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
    await type(page, '#q', 'Johnson');
    await enter(page, '/search?q=Johnson');
    await tabTo(page, 'main a', 'Boris Johnson');
    await enter(page, '/actors/boris-johnson');
    assert.equal(await heading(page), 'Boris Johnson');
    await tabTo(page, 'a.why[href="/pairs/boris-johnson/ukraine"]', 'favor');
    await enter(page, '/pairs/boris-johnson/ukraine');
    assert.match(await lead(page), /^Boris Johnson: ▲ favor toward Ukraine, since 2019-07-24, by what is declared/);
    const deciding = await page.locator('article.act').count();
    assert.equal(deciding, (await asked('/v1/why?actor=boris-johnson&target=ukraine')).events.length);
    await tabTo(page, 'article.act a[href^="/events/"]', '@');
    await enter(page, '/events/');
    assert.match(await heading(page), /^Event @\d+$/);
    assert.match(await main(page), /"actor": "boris-johnson"/);
  },

  'change as-of and known-at': async (page) => {
    await page.goto(`${address}/pairs/boris-johnson/ukraine`);
    await tabTo(page, '.times summary');
    await page.keyboard.press('Enter');
    await type(page, '.times input[name="as_of"]', '2018');
    await enter(page, '/pairs/boris-johnson/ukraine?as_of=2018');
    assert.match(await page.locator('.times summary').innerText(), /about the world at the end of 2018/);
    assert.match(await lead(page), /○ none toward Ukraine/);
    await type(page, '.times input[name="as_of"]', '2022-12-31');
    await type(page, '.times input[name="known_at"]', '@55');
    await enter(page, '/pairs/boris-johnson/ukraine?as_of=2022-12-31&known_at=%4055');
    assert.match(await page.locator('.times summary').innerText(), /up to event 55 about the world on 31 December 2022/);
    const known = await asked('/v1/stances?actor=boris-johnson&target=ukraine&as_of=2022-12-31&known_at=@55');
    assert.match(await lead(page), new RegExp(`on ${Object.values(known.items[0].counts).reduce((sum, count) => sum + count)} events`));
    // A picture looks at the same.
    assert.match(await page.locator('.wide svg desc').innerHTML(), /recorded up to event 55 about the world as of 2022-12-31/);
    await tabTo(page, '.times a', 'Now');
    await enter(page, '/pairs/boris-johnson/ukraine');
    assert.match(await lead(page), /▲ favor/);
  },

  'load a text from a file': async (page) => {
    await page.goto(`${address}/record`);
    const load = (name, bytes) => page.setInputFiles('#file', { name, mimeType: 'text/plain', buffer: Buffer.from(bytes) });
    const holds = (text) => page.waitForFunction((text) => document.getElementById('text').value === text, text);
    await load('utf-8.txt', '\ufeffŽižek says\r\n“no”');
    await holds('Žižek says\n“no”');
    await load('old.txt', [0x93, 0x6e, 0x6f, 0x94, 0x20, 0xfc]);
    await holds('“no” ü');
    await load('wide.txt', [0xff, 0xfe, 0x6e, 0x00, 0x6f, 0x00]);
    await holds('no');
    await load('picture.png', [0x89, 0x50, 0x4e, 0x47, 0x00, 0x00]);
    await page.getByText('picture.png is no text.').waitFor();
    assert.equal(await page.locator('#text').inputValue(), 'no', 'what was there stays');
    await load('large.txt', Buffer.alloc((4 << 20) + 1, 0x61));
    await page.getByText('large.txt is larger than 4 MiB').waitFor();
    await page.reload();
    await holds('no');
  },

  'record from a text by keyboard, and take it back': async (page) => {
    const stance = async () => {
      await page.goto(`${address}/pairs/boris-johnson/ukraine`);
      return lead(page);
    };
    const before = await stance();
    assert.match(before, /▲ favor/);
    await page.goto(`${address}/record`);
    await type(page, '#text', '🙂 He said:\n“I am against it” – twice.');
    // Selected by keyboard alone: from the quotation mark on to the one behind it, over what is more than one unit long.
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    for (let index = 0; index < 'I am against it'.length; index += 1) await page.keyboard.press('Shift+ArrowRight');
    const field = (name) => page.locator(`[name="${name}"]`).first().inputValue();
    assert.deepEqual(
      [await field('exact'), await field('prefix'), await field('suffix'), await field('start'), await field('end')],
      ['I am against it', '🙂 He said:\n“'.replace('\n', ''), '” – twice.', '12', '27'],
    );
    // What is selected with the space around it is quoted without.
    await page.keyboard.press('Control+A');
    assert.equal(await field('exact'), '🙂 He said:\n“I am against it” – twice.');
    await page.evaluate(() => document.activeElement.blur());
    for (const [name, words] of [['actor', 'Boris Johnson'], ['action', 'opposes'], ['target', 'Ukraine'], ['occurred', '2030-01-01'], ['url', 'https://paper.test/1']]) {
      await page.evaluate(() => document.activeElement.blur());
      await type(page, `[name="${name}"]`, words);
    }
    assert.equal(await page.locator('input[name="action"] + output').innerText(), 'means: declared, against');
    await tabTo(page, 'main form button', 'Preview');
    await enter(page, '/record');
    await sound(page);
    await page.screenshot({ path: `${folder}/preview.png`, fullPage: true });
    const preview = await main(page);
    assert.match(preview, /opposes means: declared, against/);
    assert.match(preview, /favor → .*against/);
    assert.match(preview, /"type": "TextQuoteSelector"/);
    await tabTo(page, 'main form button', 'Record it');
    await enter(page, '/events/');
    const recorded = page.url();
    const { evidence } = await asked(`/v1${new URL(recorded).pathname}`);
    assert.equal(evidence[0].selector.exact, '🙂 He said:\n“I am against it” – twice.', 'lines are as they were');
    assert.match(await stance(), /▼ against toward Ukraine, since 2030-01-01/);
    // It is corrected: the new event stands in its place, with its evidence.
    await page.goto(recorded);
    await tabTo(page, 'main a', 'Correct it');
    await enter(page, `${new URL(recorded).pathname}/correct`);
    await sound(page);
    await page.screenshot({ path: `${folder}/correct.png`, fullPage: true });
    await type(page, '[name="occurred"]', '2031-01-01');
    await tabTo(page, 'main form button', 'Preview');
    await enter(page, new URL(recorded).pathname);
    await tabTo(page, 'main form button', 'Record it');
    await enter(page, '/events/');
    const corrected = page.url();
    assert.match(await main(page), /🙂 He said:\n“I am/);
    assert.match(await stance(), /▼ against toward Ukraine, since 2031-01-01/);
    // With the correction taken back, what it corrected stands again; with that taken back too, all is as it was.
    const takeBack = async (event) => {
      await page.goto(event);
      await type(page, 'main [name="reason"]', 'He did not.');
      await tabTo(page, 'main button', 'Retract');
      await enter(page, '/events/');
      await page.getByText('He did not.').first().waitFor();
    };
    await takeBack(corrected);
    assert.match(await stance(), /▼ against toward Ukraine, since 2030-01-01/);
    await takeBack(recorded);
    assert.equal(await stance(), before);
  },

  'what is wrong comes back with its field': async (page) => {
    await page.goto(`${address}/record?actor=boris-johnson&action=bakcs&target=ukraine&occurred=2030`);
    await tabTo(page, 'main form button', 'Preview');
    await page.keyboard.press('Enter');
    const alert = page.locator('[role="alert"]');
    await alert.waitFor();
    assert.match(await alert.innerText(), /backs/);
    assert.equal(await page.locator('[name="action"]').getAttribute('aria-invalid'), 'true');
    await sound(page);
    await page.screenshot({ path: `${folder}/refused.png`, fullPage: true });
    assert.equal(await page.locator('[name="actor"]').inputValue(), 'boris-johnson', 'nothing is lost');
  },

  'a shared address shows the same': async (page) => {
    for (const path of ['/actors/boris-johnson?as_of=2022-06&known_at=%4060&rule=majority', '/targets/ukraine?as_of=2022-06', '/diff?from=2022&to=2023']) {
      await page.goto(address + path);
      const other = await window();
      await other.goto(page.url());
      assert.equal(await main(other), await main(page));
      assert.equal(await other.locator('.times summary').innerText(), await page.locator('.times summary').innerText());
      await other.context().close();
    }
  },

  'pages follow the log': async (page) => {
    await append({ type: 'entity', entity: 'ann', kind: 'person', name: 'Ann Lee' });
    const actor = await window();
    await actor.goto(`${address}/actors/ann`);
    assert.doesNotMatch(await main(actor), /Carbon tax/);
    // What is stored before the page has its streams open is not missed: they are held up until it is.
    let let_on;
    const held = new Promise((resolve) => (let_on = resolve));
    await page.route('**/v1/events/stream*', async (route) => held.then(() => route.continue()));
    await page.goto(address);
    await append({ actor: 'ann', action: 'backs', target: 'Carbon tax', occurred: '2031-01-01' });
    let_on();
    const first = page.locator('ol.events li').first();
    await first.filter({ hasText: 'Ann Lee backs Carbon tax 2031-01-01' }).waitFor();
    await page.locator('.changes li').first().filter({ hasText: 'Ann Lee on Carbon tax: ○ none → ▲ favor' }).waitFor();
    await page.locator('#news').filter({ hasText: '2 new events: shown below.' }).waitFor();
    const { head } = await asked('/v1/status');
    assert.match(await page.locator('footer').innerText(), new RegExp(`Log head: @${head}\\.`));
    const row = actor.locator('table tr').filter({ hasText: 'Carbon tax' });
    await row.filter({ hasText: '▲ favor' }).waitFor();
    assert.match(await actor.locator('.wide svg desc').innerHTML(), /Toward Carbon tax: favor/, 'the picture follows too');
    // An event that changes no stance is shown on the actor's page as well, and something taken back changes one.
    await append({ actor: 'ann', action: 'meets', target: 'Carbon tax', occurred: '2031-02-01' });
    await actor.locator('ol.events li').filter({ hasText: 'meets' }).waitFor();
    const { items } = await asked('/v1/events?actor=ann&type=stance');
    await append({ type: 'retract', event: items.find((event) => event.action === 'backs').id, reason: 'not so' });
    await row.filter({ hasText: '○ none' }).waitFor();
    // Whoever is reading by keyboard keeps the place until he asks for what is new.
    await tabTo(page, 'ol.events a');
    const reading = await page.evaluateHandle(() => document.activeElement);
    await append({ actor: 'ann', action: 'opposes', target: 'Carbon tax', occurred: '2031-03-01' });
    await page.locator('#news button').waitFor();
    assert.ok(await reading.evaluate((one) => one === document.activeElement && one.isConnected), 'the place is kept');
    assert.doesNotMatch(await main(page), /opposes Carbon tax/);
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, '#news button', 'Show');
    await page.keyboard.press('Enter');
    await first.filter({ hasText: 'opposes Carbon tax' }).waitFor();
    // A page that looks at the past follows nothing.
    await page.goto(`${address}/?as_of=2022`);
    assert.equal(await page.evaluate(() => document.body.dataset.follows), undefined);
    await actor.context().close();
  },

  'a page that nobody sees gives its connection back': async (page) => {
    const subscribers = async () => Number(/^stancelog_\w*subscribers (\d+)/m.exec(await (await fetch(`${address}/metrics`)).text())[1]);
    const become = (state) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    const until = async (wanted) => {
      // Each look is a request: the server has come on meanwhile.
      for (let looks = 0; looks < 2_000; looks += 1) if ((await subscribers()) === wanted) return;
      assert.equal(await subscribers(), wanted);
    };
    await until(0);
    await page.goto(address);
    await until(1);
    await become('hidden');
    await until(0);
    await append({ actor: 'ann', action: 'praises', target: 'Carbon tax', occurred: '2031-04-01' });
    assert.doesNotMatch(await main(page), /praises/);
    await become('visible');
    await page.locator('ol.events li').filter({ hasText: 'praises' }).waitFor();
  },

  'what is stored comes out as text': async (page) => {
    const bad = '<img src=x onerror=alert(1)><script>alert(2)</script>\u202e"\'&';
    await append(
      { type: 'entity', entity: 'bad', kind: 'person', name: bad, aliases: [`${bad}2`] },
      { type: 'claim', claim: 'bad-claim', text: bad, about: { actor: 'bad', action: 'attacks', target: 'bad' } },
      { actor: 'bad', action: 'backs', target: 'Carbon tax', occurred: '2031', note: bad, evidence: [{ url: `javascript:alert(3)//${bad}`, selector: { type: 'TextQuoteSelector', exact: bad } }] },
      { actor: 'bad', action: 'asserts', target: 'claim:bad-claim', occurred: '2031' },
      { type: 'verdict', claim: 'bad-claim', reviewer: 'bad', label: bad, rating: 'false', url: 'javascript:alert(4)' },
    );
    const paths = ['/', '/actors/bad', '/targets/bad', '/targets/carbon-tax', '/pairs/bad/carbon-tax', '/claims', '/claims/bad-claim', '/events', '/entities?q=onerror',
      `/search?q=${encodeURIComponent(bad)}`, '/compare?a=bad&b=ann', '/diff?from=2030&to=2032', '/review', `/record?actor=${encodeURIComponent(bad)}`, `/actors/${encodeURIComponent(bad)}x`];
    for (const path of paths) {
      await page.goto(address + path);
      assert.equal(await page.locator('main img, main script').count(), 0, path);
      assert.equal(await page.locator('a[href^="javascript:"]').count(), 0, path);
      assert.doesNotMatch(`${await page.title()} ${await page.locator('body').innerText()}`, /\u202e/, path);
    }
    assert.match(await heading(page), /./);
    await page.goto(`${address}/actors/bad`);
    assert.match(await heading(page), /^<img src=x onerror=alert\(1\)><script>alert\(2\)<\/script>\\u\{202e\}/);
  },

  'have the log checked': async (page) => {
    await page.goto(`${address}/audit`);
    assert.match(await main(page), /Nobody has asked for one since this server began/);
    await tabTo(page, 'main button', 'Check it now');
    await enter(page, '/audit');
    const { head } = await asked('/v1/status');
    await page.getByText(`Nothing was found. Events 1 to ${head} were checked`).waitFor();
  },

  // The last one: from here on, nobody comes in without a token.
  'sign in and out': async (page) => {
    const token = execFileSync(program, ['--quiet', '--db', log, 'token', 'create', 'ann', '--role', 'append'], { encoding: 'utf8' }).trim();
    const refused = await page.goto(`${address}/claims`);
    assert.equal(refused.status(), 401);
    assert.equal(await page.getByText('missile').count(), 0, 'nothing is told');
    await sound(page);
    await type(page, 'input[name="token"]', 'nonsense');
    await page.keyboard.press('Enter');
    await page.locator('[role="alert"]').filter({ hasText: 'not valid' }).waitFor();
    await type(page, 'input[name="token"]', token);
    await enter(page, '/claims');
    assert.match(await page.locator('footer').innerText(), /Signed in as ann/);
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads the session');
    await page.goto(`${address}/record?actor=ann&action=thanks&target=Carbon%20tax&occurred=2031-05-01`);
    await tabTo(page, 'main form button', 'Preview');
    await enter(page, '/record');
    await tabTo(page, 'main form button', 'Record it');
    await enter(page, '/events/');
    assert.match(await main(page), /Recorded by\s+ann/);
    await tabTo(page, 'footer button', 'Sign out');
    await enter(page, '/sign-in');
    assert.equal((await page.goto(`${address}/claims`)).status(), 401);
  },
};

let faults = 0;
for (const [name, walk] of Object.entries(walks)) {
  const page = await window();
  try {
    await walk(page);
  } catch (error) {
    faults += 1;
    console.log(`${name}: ${error.stack}`);
    await page.screenshot({ path: `${folder}/fault-${faults}.png`, fullPage: true });
  }
  await page.context().close();
}
complaints.forEach((complaint) => console.log(complaint));
faults += complaints.length;
await browser.close();
console.log(`${Object.keys(walks).length} walks, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
