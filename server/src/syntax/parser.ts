/**
 * The one door to tree-sitter. Everything else sees only `parse` and the node type, so that web-tree-sitter can take
 * over where there is no prebuilt addon. Trees do not leave the `syntax` room.
 */
import Parser from 'tree-sitter';
import C from 'tree-sitter-c';

export type Node = Parser.SyntaxNode;

/** tree-sitter-c gives its language as an object whose own type declarations lag behind the binding's. */
const parser = new Parser();
parser.setLanguage(C as unknown as Parser.Language);

/** The addon copies input in chunks; a callback also keeps files over 32 KB from failing on older bindings. */
const CHUNK = 16_384;

export function parse(text: string): Node {
  return parser.parse((offset: number) => text.slice(offset, offset + CHUNK)).rootNode;
}
