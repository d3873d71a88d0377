// Measures how long graphql-js validates the given files, in the same form as `validation-bench measure`.
const fs = require('fs');
const path = require('path');
const { buildSchema, parse, validate } = require('graphql');

const [schemaFile, ...files] = process.argv.slice(2);
const schema = buildSchema(fs.readFileSync(schemaFile, 'utf8'));
for (const file of files) {
  const text = fs.readFileSync(file, 'utf8');
  const document = parse(text);
  const deadline = process.hrtime.bigint() + 1_000_000_000n;
  let best = Infinity;
  let errors = 0;
  try {
    do {
      const start = process.hrtime.bigint();
      errors = validate(schema, document).length;
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e3);
    } while (process.hrtime.bigint() < deadline);
  } catch (error) {
    errors = error.constructor.name; // RangeError: its stack was too small
    best = 0;
  }
  const kilobytes = Math.round(process.resourceUsage().maxRSS);
  console.log(path.basename(file, '.graphql'), Buffer.byteLength(text), best.toFixed(1), errors, kilobytes);
}
