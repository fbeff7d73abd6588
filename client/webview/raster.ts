/** Pixels for each unit of the picture: sharp on a screen with a high density and in a printed report. */
const density = 2;
const mostPixels = 8192;

/** An SVG document as a PNG file in base64, put on the clipboard when that is asked for. Rejects when the browser cannot draw or copy it. */
export async function rasterized(svg: string, copy = false): Promise<string> {
  const canvas = await drawn(svg);
  if (copy) await navigator.clipboard.write([new ClipboardItem({ 'image/png': blobOf(canvas) })]);
  const data = canvas.toDataURL('image/png');
  return data.slice(data.indexOf(',') + 1);
}

async function drawn(svg: string): Promise<HTMLCanvasElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(density, mostPixels / Math.max(image.naturalWidth, image.naturalHeight, 1));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(Math.round(image.naturalWidth * scale), 1);
    canvas.height = Math.max(Math.round(image.naturalHeight * scale), 1);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => { canvas.toBlob((blob) => { if (blob === null) reject(new Error('no picture')); else resolve(blob); }, 'image/png'); });
}
