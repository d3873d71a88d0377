// Measures how long graphql-js parses the given files, in the same form as `language-bench measure`.
const fs = require('fs');
const path = require('path');
const { parse } = require('graphql');

for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  const deadline = process.hrtime.bigint() + 2_000_000_000n;
  let best = Infinity;
  do {
    const start = process.hrtime.bigint();
    parse(text);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e3);
  } while (process.hrtime.bigint() < deadline);
  const kilobytes = Math.round(process.resourceUsage().maxRSS);
  console.log(path.basename(file, '.graphql'), Buffer.byteLength(text), best.toFixed(1), kilobytes);
}
