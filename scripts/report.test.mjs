// Opens a page of 'nern report' in Chromium as its readers do, from the disk, and looks at it: called by scripts/browser.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [file, executablePath, pictures] = process.argv.slice(2);
const sections = ['accuracy', 'size', 'fit', 'curves', 'layers', 'kernels', 'importance', 'embedding', 'orders', 'compare'];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  for (const colorScheme of ['light', 'dark'])
    for (const width of [1280, 390])
      await look(colorScheme, width);
  await withoutScript();
} finally {
  await browser.close();
}
console.log(`The page has ${sections.length} sections and no errors, in light and dark, at 1280 and 390 pixels, and without JavaScript.`);

async function open(options) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const problems = [];
  page.on('console', message => problems.push(`console: ${message.text()}`));
  page.on('pageerror', error => problems.push(`error: ${error.message}`));
  page.on('request', request => {
    if (!/^(data|file):/.test(request.url()) || (request.url().startsWith('file:') && request.resourceType() !== 'document'))
      problems.push(`request: ${request.url().slice(0, 100)}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, problems };
}

async function look(colorScheme, width) {
  const where = `${colorScheme}, ${width} pixels: `;
  const { page, problems } = await open({ colorScheme, viewport: { width, height: 900 } });
  for (const id of sections) {
    assert(await page.locator(`#${id}`).isVisible(), `${where}section ${id}`);
    assert.equal(await page.locator(`#${id} .missing`).count(), 0, `${where}something is missing in ${id}`);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${where}the page is wider than the window`);
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)');
  assert.equal(dark, colorScheme === 'dark', `${where}the ground`);

  const charts = page.locator('.chart .drawing');
  assert.equal(await charts.count(), 5, `${where}charts`);
  for (const chart of await charts.all()) {
    assert(await chart.locator('svg').count() > 0, `${where}a chart is not drawn`);
    assert(await chart.locator('svg path[d*="L"], svg circle').count() > 0, `${where}a chart is empty`);
  }
  // Those of layers that are not shown as well.
  const broken = await page.evaluate(async () => {
    const images = [...document.images];
    await Promise.all(images.map(image => image.decode().catch(() => {})));
    return images.filter(image => image.naturalWidth < 8).length;
  });
  assert.equal(broken, 0, `${where}pictures that cannot be seen`);

  const kernels = () => page.locator('#kernels .panel:visible img').evaluateAll(images => images.map(image => image.src));
  const before = await kernels();
  assert.equal(before.length, 3, `${where}original, reconstruction and difference`);
  assert.equal(new Set(before).size, 3, `${where}the three are not the same`);
  await page.locator('#kernels select').selectOption({ index: 2 });
  const after = await kernels();
  assert.equal(after.length, 3, `${where}one layer at a time`);
  assert(after.every((source, i) => source !== before[i]), `${where}another layer has other kernels`);
  await page.locator('#orders select').selectOption({ index: 2 });
  assert.equal(await page.locator('#orders .panel:visible img').count(), 2, `${where}orders`);

  const path = () => page.locator('#curves svg').first().innerHTML();
  const steps = await path();
  await page.locator('select[data-axis]').selectOption('1');
  assert.notEqual(await path(), steps, `${where}curves over seconds`);
  if (pictures)
    await page.screenshot({ path: `${pictures}/report-${width}-${colorScheme}.png`, fullPage: true });
  assert.deepEqual(problems, [], where);
  await page.close();
}

async function withoutScript() {
  const { page, problems } = await open({ javaScriptEnabled: false });
  assert.equal(await page.locator('#kernels .panel:visible img').count(), 3, 'without JavaScript: kernels of a layer');
  assert(await page.locator('noscript p').isVisible(), 'without JavaScript: it is said');
  assert.deepEqual(problems, [], 'without JavaScript');
  await page.close();
}
