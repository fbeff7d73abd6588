/** docs/simulator/scenarios.md, written from the scenarios. */
import { MODELS, SCENARIOS, type Expectation, type Scenario } from '../../server/src/simulate';

const words = { applied: 'applied', broken: '**broken**', 'not applied': 'not applied' } as const;
const names = MODELS.map(({ name }) => name);
/** They hold in every scenario for the same reason. */
const restarts = ['checkpoint-restart', 'kexec', 'reboot'];

export function scenariosPage(): string {
  return `# Scenarios

Nine situations on which the systems differ, each a machine, a patch and what every system makes of it; \`server/src/simulate/scenarios\` has them, and a test plays each with all nine systems.
\`livepatch-studio simulate --scenario NAME --model all\` shows one. This page is written from them.

| scenario | ${names.join(' | ')} |
|---|${names.map(() => '---').join('|')}|
${SCENARIOS.map(row).join('\n')}

*applied*: done, and nothing broke. *broken*: done, and old and new code met where the patch cannot bear it. *not applied*: refused, given up, or still waiting when the operator gives up.

${SCENARIOS.map(section).join('\n\n')}
`;
}

const row = ({ name, expected }: Scenario): string => `| [${name}](#${name}) | ${names.map((model) => words[expected[model].verdict]).join(' | ')} |`;

const section = ({ name, title, about, expected }: Scenario): string =>
  `## ${name}\n\n${title}. ${about}\n\n${names.filter((model) => !restarts.includes(model)).map((model) => `- \`${model}\`: ${outcome(expected[model])}. ${expected[model].why}`).join('\n')}`;

function outcome({ verdict, invariants }: Expectation): string {
  if (invariants === undefined) return verdict;
  return verdict === 'broken' ? `broken (${invariants.join(', ')})` : `${verdict} (${invariants.join(', ')} not promised, and did not hold)`;
}
