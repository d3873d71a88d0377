// graphql-js behind node's http, the way a careful user would write it: documents are parsed and validated once.
// usage: hello-graphql-js.js PORT
const http = require('http');
const path = process.env.GRAPHQL_JS || '/usr/share/nodejs/graphql';
const { buildSchema, execute, parse, validate } = require(path);

const schema = buildSchema('type Query { hello: String! }');
const rootValue = { hello: () => 'world' };
const documents = new Map();

function document(text) {
  let known = documents.get(text);
  if (!known) {
    const parsed = parse(text);
    const errors = validate(schema, parsed);
    known = errors.length ? { errors } : { document: parsed };
    documents.set(text, known);
  }
  return known;
}

function answer(body, response) {
  const { query, variables, operationName } = JSON.parse(body);
  const known = document(query);
  const result = known.errors
    ? known
    : execute({ schema, document: known.document, rootValue, variableValues: variables, operationName });
  const text = JSON.stringify(result);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(Buffer.concat(chunks).toString(), response));
}).listen(Number(process.argv[2]), '127.0.0.1');
