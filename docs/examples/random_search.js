// A sampler as a process of its own, in JavaScript: random search.
//
// python -m bench run --problems ackley --dims 2 --strategies "random,exec:node docs/examples/random_search.js"

const readline = require("readline");

let space = [];
let state = 1;

function uniform() {
  // mulberry32: Math.random takes no seed
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function draw(parameter) {
  if (parameter.type === "categorical") return Math.floor(uniform() * parameter.choices.length); // by position
  const { low, high, log, type } = parameter;
  const value = log ? low * Math.pow(high / low, uniform()) : low + (high - low) * uniform();
  const clipped = Math.min(Math.max(value, low), high);
  return type === "int" ? Math.round(clipped) : clipped;
}

const answers = {
  hello: () => ({ protocol: 1, name: "random search in JavaScript" }),
  start: (message) => {
    space = message.space;
    state = message.seed;
    return {};
  },
  ask: () => ({ config: Object.fromEntries(space.map((parameter) => [parameter.name, draw(parameter)])) }),
  tell: () => ({}),
};

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const message = JSON.parse(line);
  if (message.call === "close") process.exit(0);
  console.log(JSON.stringify(answers[message.call](message)));
});
