import { download } from './download.js';

export function saveSvg(name: string, picture: SVGSVGElement): void {
  download(name, new Blob([standalone(picture)], { type: 'image/svg+xml' }));
}

/** Saves a picture that the page does not show. It is in the page for a moment, unseen: from there it takes its colours. */
export async function saveDrawn(
  draw: () => Promise<SVGSVGElement>,
  save: (picture: SVGSVGElement) => void | Promise<void>,
): Promise<void> {
  const picture = await draw();
  const place = document.createElement('div');
  place.style.cssText = 'position: fixed; inset-inline-start: -100000px';
  place.setAttribute('aria-hidden', 'true');
  place.append(picture);
  document.body.append(place);
  try {
    await save(picture);
  } finally {
    place.remove();
  }
}

/** Pixels of the file for one of the page: sharp on paper too. */
const SHARPNESS = 2;

/** A picture on a canvas, without a ground of its own. */
export async function saveCanvas(name: string, picture: HTMLCanvasElement): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  await saveAsPng(name, canvas);
}

export async function savePng(name: string, picture: SVGSVGElement): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(picture))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * SHARPNESS;
  canvas.height = image.height * SHARPNESS;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  await saveAsPng(name, canvas);
}

async function saveAsPng(name: string, canvas: HTMLCanvasElement): Promise<void> {
  const png = await new Promise<Blob | null>((resolve) => void canvas.toBlob(resolve, 'image/png'));
  if (png !== null) download(name, png);
}

/** What a picture takes from the page's style sheets. */
const TAKEN = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'paint-order',
] as const;

/** A picture that looks the same without the page that it is in, on the page's own ground. */
function standalone(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement; // holds: a clone is of the same kind
  const originals = [picture, ...picture.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, index) => {
    const original = originals[index];
    if (original === undefined) return;
    const style = getComputedStyle(original);
    for (const property of TAKEN) element.setAttribute(property, style.getPropertyValue(property));
  });
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.querySelectorAll('a').forEach((link) => link.replaceWith(...link.childNodes));
  return new XMLSerializer().serializeToString(copy);
}
