// The same cases as EngineBench, with graphql-js (Debian's node-graphql) and a cache of parsed and validated documents.
const { buildSchema, parse, validate, execute, getIntrospectionQuery } = require("graphql");

const schema = buildSchema(`
  type Query { hello: String! list: [Item!]! shelves: [Shelf!]! }
  type Shelf { name: String! items: [Item!]! }
  type Item {
    id: ID! name: String! email: String! age: Int! city: String! country: String! score: Float! bio: String!
    active: Boolean! rank: Int!
  }`);
const item = (n) => ({
  id: `item-${n}`, name: `Name ${n}`, email: `user${n}@example.com`, age: n % 90, city: `City ${n % 100}`,
  country: "Country", score: n / 8, bio: `Some longer text about the person number ${n}, as people write them.`,
  active: n % 2 === 0, rank: n,
});
const list = Array.from({ length: 1000 }, (_, n) => item(n));
const shelves = Array.from({ length: 250 }, (_, s) => ({
  name: `shelf ${s}`, items: Array.from({ length: 250 }, (_, n) => list[(s + n) % 1000]),
}));
const rootValue = { hello: "world", list, shelves };

const documents = new Map();
function answer(text) {
  let document = documents.get(text);
  if (!document) {
    document = parse(text);
    const errors = validate(schema, document);
    if (errors.length > 0) throw errors[0];
    if (documents.size < 1000) documents.set(text, document);
  }
  return JSON.stringify(execute({ schema, document, rootValue }));
}

let number = 0;
function measure(name, count, text) {
  for (let i = 0; i < count; i++) answer(text(number++));
  let best = Infinity;
  let bytes = 0;
  for (let round = 0; round < 5; round++) {
    const texts = Array.from({ length: count }, () => text(number++));
    const start = process.hrtime.bigint();
    for (const one of texts) bytes = answer(one).length;
    best = Math.min(best, Number(process.hrtime.bigint() - start) / count / 1000);
  }
  console.log(`${name}\t${best.toFixed(2)}\t${bytes}`);
}

const fields = "id name email age city country score bio active rank";
const selections = (n) =>
  Array.from({ length: 48 }, (_, i) => `  alias_${n}_${i}: shelves @include(if: false) { name items { id name } }`);
measure("hello, cached", 20000, () => "{ hello }");
measure("list of 1,000 x 10, cached", 200, () => `{ list { ${fields} } }`);
measure("introspection, cached", 200, () => getIntrospectionQuery({ oneOf: false }));
measure("3 kB document, new each time", 200, (n) => `query Operation_${n} {\n  hello\n${selections(n).join("\n")}\n}`);
measure("250 x 250 x 10, cached", 3, () => `{ shelves { name items { ${fields} } } }`);
