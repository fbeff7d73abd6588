/**
 * The rooms of server/src and what each may import: only rooms above it. docs/architecture.md draws them.
 * `npx depcruise --config .dependency-cruiser.cjs client server` prints what breaks a rule; a test runs it.
 */
const rooms = ['syntax', 'change', 'kernel', 'plan', 'rules', 'policy', 'simulate', 'author', 'report'];
const in_ = (names) => `^server/src/(${names.join('|')})/`;

const roomBans = rooms.slice(0, -1).map((room, index) => ({
  name: `${room}-imports-only-above`,
  comment: `${room} rests only on the rooms above it, so that it can be read, tested and replaced without those below.`,
  severity: 'error',
  from: { path: in_([room]) },
  to: { path: in_(rooms.slice(index + 1)) },
}));

module.exports = {
  forbidden: [
    ...roomBans,
    {
      name: 'rooms-know-no-outside',
      comment: 'The core runs in the editor, the command line, a worker and a test: it may name the ports, but neither their implementation nor a face.',
      severity: 'error',
      from: { path: in_(rooms) },
      to: { path: '^(server/src/(lsp|cli|scenario|host(?!/ports)|analysis|result|verdict)|client/)', pathNot: '^server/src/result' },
    },
    {
      name: 'only-reports-see-results',
      comment: 'A judged edit is what comes out of the engine; the rooms that make it know only their own part.',
      severity: 'error',
      from: { path: in_(rooms.filter((room) => room !== 'report')) },
      to: { path: '^server/src/result' },
    },
    {
      name: 'core-does-no-io',
      comment: 'Files, processes, clocks and sockets come in through host ports; a core that read by itself could not be tested with faults or run elsewhere.',
      severity: 'error',
      from: { path: ['^server/src/(analysis|result|verdict|scenario/)', in_(rooms)] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-lsp-imports-languageserver',
      comment: 'The engine speaks of functions and findings, not of protocol types.',
      severity: 'error',
      from: { path: '^server/src', pathNot: '^server/src/lsp/' },
      to: { path: 'vscode-languageserver' },
    },
    {
      name: 'only-syntax-imports-tree-sitter',
      comment: 'Trees do not leave the syntax room, so that another parser can take over behind one module.',
      severity: 'error',
      from: { path: '^(server|client)/', pathNot: '^server/src/syntax/parser\\.ts$' },
      to: { path: 'node_modules/tree-sitter' },
    },
    {
      name: 'only-client-imports-vscode',
      comment: 'VS Code is one face; the engine and the command line know nothing of it.',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(vscode$|node_modules/vscode-languageclient)|^client/' },
    },
    {
      name: 'client-knows-only-the-protocol',
      comment: 'The client draws and asks. All it may know of the server are plain types that cross the wire.',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { path: '^server/src/', pathNot: '^server/src/(lsp/protocol|rules/finding|syntax/positions)\\.ts$|^server/src/simulate/types/' },
    },
    {
      name: 'preview-is-pure',
      comment: 'The preview draws traces in a browser: it sees types of the trace and nothing of VS Code or Node.',
      severity: 'error',
      from: { path: '^client/webview/' },
      to: { path: '^(vscode$|client/src/|node_modules/(vscode|@types/vscode))' },
    },
    {
      name: 'lsp-and-cli-are-apart',
      comment: 'Two faces of one engine: what both need belongs behind the door.',
      severity: 'error',
      from: { path: '^server/src/(lsp|cli)/' },
      to: { path: '^server/src/(lsp|cli)/', pathNot: '^server/src/$1/' },
    },
    { name: 'no-circles', comment: 'A circle of imports cannot be read from top to bottom.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', comment: 'Delete what nothing uses.', severity: 'error', from: { orphan: true, path: '^(server|client)/', pathNot: '\\.d\\.ts$' }, to: {} },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' }, exclude: { path: '^test/' } },
};
