// The same rules and baskets in Laurel and in the engines that a shop would otherwise pick. Every
// engine must find the same rules on the same lines, or it is not compared.
//
//   node compare.mjs WORLD.json

import { readFileSync } from 'node:fs';
import jsonLogic from 'json-logic-js';
import { Engine } from 'json-rules-engine';
import { ZenEngine } from '@gorules/zen-engine';

const world = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const factsOf = (basket) =>
  basket.lines.map((line) => ({
    ...line,
    at: basket.at,
    channel: basket.channel,
    tier: basket.tier,
  }));
const baskets = world.baskets.map(factsOf);

// One JSON-logic expression a rule, applied to each line.
function withJsonLogic() {
  const rules = world.rules.map((rule) => ({
    id: rule.id,
    logic: {
      and: [
        { in: [{ var: 'department' }, rule.departments] },
        { in: [{ var: 'brand' }, rule.brands] },
        { in: [{ var: 'channel' }, rule.channels] },
        { '!': { in: [{ var: 'tier' }, rule.not_tiers] } },
        { '<=': [rule.from, { var: 'at' }] },
        { '<': [{ var: 'at' }, rule.until] },
      ],
    },
  }));
  return async (lines) => {
    const applied = [];
    for (const line of lines) {
      for (const rule of rules) {
        if (jsonLogic.apply(rule.logic, line)) applied.push(`${rule.id}@${line.id}`);
      }
    }
    return applied;
  };
}

// One run a line; the conditions of a rule stop at the first that fails.
function withJsonRulesEngine() {
  const engine = new Engine();
  const test = (fact, operator, value) => ({ fact, operator, value });
  for (const rule of world.rules) {
    engine.addRule({
      conditions: {
        all: [
          test('department', 'in', rule.departments),
          test('brand', 'in', rule.brands),
          test('channel', 'in', rule.channels),
          test('tier', 'notIn', rule.not_tiers),
          test('at', 'greaterThanInclusive', rule.from),
          test('at', 'lessThan', rule.until),
        ],
      },
      event: { type: rule.id },
    });
  }
  return async (lines) => {
    const applied = [];
    for (const line of lines) {
      const { events } = await engine.run(line);
      for (const event of events) applied.push(`${event.type}@${line.id}`);
    }
    return applied;
  };
}

// One decision table of all rules that collects, looped over the lines in one call a basket.
function withZen() {
  const list = (values) => values.map((value) => `"${value}"`).join(', ');
  const field = (name) => ({ id: name, name, field: name, type: 'expression' });
  const table = {
    hitPolicy: 'collect',
    inputField: 'lines',
    executionMode: 'loop',
    passThrough: false,
    inputs: ['department', 'brand', 'channel', 'tier', 'at'].map(field),
    outputs: [
      { id: 'rule', name: 'rule', field: 'rule' },
      { id: 'line', name: 'line', field: 'line' },
    ],
    rules: world.rules.map((rule) => ({
      _id: rule.id,
      department: list(rule.departments),
      brand: list(rule.brands),
      channel: list(rule.channels),
      tier: `not ($ in [${list(rule.not_tiers)}])`,
      at: `[${rule.from}..${rule.until})`,
      rule: `"${rule.id}"`,
      line: 'id',
    })),
  };
  const node = (id, type, content = {}) => ({ id, name: id, type, content, position: { x: 0, y: 0 } });
  const edge = (sourceId, targetId) => ({
    id: `${sourceId}-${targetId}`,
    sourceId,
    targetId,
    type: 'edge',
  });
  const decision = new ZenEngine().createDecision({
    nodes: [node('in', 'inputNode'), node('table', 'decisionTableNode', table), node('out', 'outputNode')],
    edges: [edge('in', 'table'), edge('table', 'out')],
  });
  return async (lines) => {
    const { result } = await decision.evaluate({ lines });
    return result.flat().map(({ rule, line }) => `${rule}@${line}`);
  };
}

async function check(name, engine) {
  for (const [i, basket] of baskets.entries()) {
    const applied = (await engine(basket)).sort();
    if (JSON.stringify(applied) === JSON.stringify(world.baskets[i].applied)) continue;
    console.error(`${name} finds other rules in basket ${i}: ${applied}`);
    console.error(`Laurel: ${world.baskets[i].applied}`);
    process.exit(1);
  }
}

async function nanoseconds(engine) {
  let done = 0;
  const begin = process.hrtime.bigint();
  let spent = 0n;
  while (spent < 2_000_000_000n) {
    await engine(baskets[done % baskets.length]);
    done += 1;
    spent = process.hrtime.bigint() - begin;
  }
  return Number(spent) / done;
}

const engines = {
  'json-logic-js': withJsonLogic(),
  'json-rules-engine': withJsonRulesEngine(),
  '@gorules/zen-engine': withZen(),
};
console.log(
  `${world.rules.length} rules, ${baskets[0].length} lines, ${baskets.length} baskets, one core`,
);
const row = (name, ns, ratio) =>
  console.log(`  ${name.padEnd(22)}${(ns / 1000).toFixed(1).padStart(12)} us a basket  ${ratio}`);
row('laurel', world.nanoseconds, '');
let fastest = Infinity;
for (const [name, engine] of Object.entries(engines)) {
  await check(name, engine);
  const ns = await nanoseconds(engine);
  fastest = Math.min(fastest, ns);
  row(name, ns, `${(ns / world.nanoseconds).toFixed(0)} x`);
}
const ratio = fastest / world.nanoseconds;
console.log(`  Laurel is ${ratio.toFixed(0)} x the fastest of them (goal: at least 20 x)`);
