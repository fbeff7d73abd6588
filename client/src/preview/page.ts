/** What the page of the preview is made of. */
export interface PageParts {
  /** What the Content Security Policy calls the folder that `at` gives addresses of. */
  readonly cspSource: string;
  /** A fresh one for each page. */
  readonly nonce: string;
  /** Address of a file of dist/webview. */
  readonly at: (name: string) => string;
}

/**
 * Scripts by nonce, styles and the icon font from our folder, nothing else: no inline code, no network. Images are only
 * those the page makes itself, to turn its picture into a PNG.
 */
export function previewPage({ cspSource, nonce, at }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; font-src ${cspSource}; img-src blob:`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Live Patch Preview</title>
<link rel="stylesheet" href="${at('codicon.css')}">
<link rel="stylesheet" href="${at('preview.css')}">
</head>
<body><main id="preview"></main><script nonce="${nonce}" src="${at('preview.js')}"></script></body>
</html>`;
}
