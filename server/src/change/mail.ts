/**
 * The transfer encodings of mail (RFC 2045, 6): a patch that went through a mailing list's archive may have its body in
 * one. What git format-patch writes itself has none and passes through unchanged, line for line.
 */

const encodingHeader = /^Content-Transfer-Encoding:[ \t]*(quoted-printable|base64)[ \t]*\r?$/im;
/** Where a mail of an mbox begins, as git mailsplit takes it: an address and a date that ends in a year. */
const mailStart = /^(?=From \S.*\d\d:\d\d:\d\d .*\d{4}[ \t]*\r?$)/m;

/** The text with every encoded mail body decoded. One character is one byte, in and out. */
export function decodeMails(text: string): string {
  if (!encodingHeader.test(text)) return text;
  return text.split(mailStart).map(decodeMail).join('');
}

function decodeMail(mail: string): string {
  const encoding = encodingHeader.exec(mail);
  if (encoding?.[1] === undefined) return mail;
  // The header belongs to the mail or to a part of it; the body begins behind the next empty line.
  const empty = /\n\r?\n/.exec(mail.slice(encoding.index));
  if (empty === null) return mail;
  const from = encoding.index + empty.index + empty[0].length;
  const body = mail.slice(from);
  return mail.slice(0, from) + (encoding[1].toLowerCase() === 'base64' ? fromBase64(body) : fromQuotedPrintable(body));
}

function fromQuotedPrintable(body: string): string {
  return body
    .replace(/[ \t]*\r?\n/g, (end) => (end.includes('\r') ? '\n' : end))
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function fromBase64(body: string): string {
  // The encoded lines end at the first that is none: an mbox's next part or a list's footer.
  const [encoded = ''] = /^(?:[A-Za-z0-9+/]+={0,2}\r?\n?)*/.exec(body) ?? [];
  const decoded = Buffer.from(encoded, 'base64').toString('latin1').replace(/\r\n/g, '\n');
  return `${decoded}\n${body.slice(encoded.length)}`;
}
