// graphql-js behind node's HTTP server: a cache of parsed and validated documents, prepared statements over node-pg, and
// a loader for each relation and request. graphql-transport-ws over the package ws.
// usage: server.js PORT CONNECTION-STRING   (NODE_PATH names the folder of pg)
const fs = require('fs');
const http = require('http');
const path = require('path');
const { buildSchema, execute, parse, subscribe, validate } = require('graphql');
const { Pool } = require('pg');
const { WebSocketServer } = require('ws');

const folder = path.join(__dirname, '..');
const schema = buildSchema(fs.readFileSync(path.join(folder, 'schema.graphql'), 'utf8'));
const statements = JSON.parse(fs.readFileSync(path.join(folder, 'statements.json'), 'utf8'));
const pool = new Pool({ host: process.argv[3], user: process.argv[4], database: process.argv[5], max: 8 });

const rows = async (name, ...values) => (await pool.query({ name, text: statements[name], values })).rows;

// What the package dataloader does: keys that are asked for in the same tick are loaded at once.
class Loader {
  constructor(load) { this.load = load; this.known = new Map(); this.keys = []; }
  get(key) {
    let promise = this.known.get(key);
    if (!promise) {
      promise = new Promise((resolve, reject) => {
        if (this.keys.length === 0) Promise.resolve().then(() => process.nextTick(() => this.run()));
        this.keys.push({ key, resolve, reject });
      });
      this.known.set(key, promise);
    }
    return promise;
  }
  run() {
    const keys = this.keys;
    this.keys = [];
    this.load(keys.map((one) => one.key)).then(
      (values) => keys.forEach((one) => one.resolve(values.get(one.key))),
      (error) => keys.forEach((one) => one.reject(error)),
    );
  }
}

const grouped = (list, keys, name) => {
  const groups = new Map(keys.map((key) => [key, []]));
  for (const one of list) groups.get(one[name]).push(one);
  return groups;
};

class Context {
  constructor() {
    this.users = new Loader(async (ids) => new Map((await rows('usersByIDs', ids)).map((row) => [row.id, row])));
    this.lists = new Map();
  }
  list(statement, key, first) {
    const name = `${statement} ${first}`;
    let loader = this.lists.get(name);
    if (!loader) {
      loader = new Loader(async (ids) => grouped(await rows(statement, ids, first), ids, key));
      this.lists.set(name, loader);
    }
    return loader;
  }
}

const items = Array.from({ length: 1000 }, (_, n) => ({
  id: `item-${n}`, name: `Name ${n}`, email: `user${n}@example.com`, age: n % 90, city: `City ${n % 100}`,
  country: 'Country', score: n / 8, bio: `Some longer text about the person number ${n}, as people write them.`,
  active: n % 2 === 0, rank: n,
}));
const shelf = (s) => ({ items: Array.from({ length: 250 }, (_, n) => items[(s + n) % 1000]) });

const listeners = new Map();
function publish(comment) {
  for (const push of listeners.get(comment.post_id) || []) push({ commentAdded: comment });
}
function events(post) {
  const queue = [];
  let waiting = null;
  const push = (event) => {
    if (waiting) { waiting({ value: event, done: false }); waiting = null; } else queue.push(event);
  };
  if (!listeners.has(post)) listeners.set(post, new Set());
  listeners.get(post).add(push);
  return {
    [Symbol.asyncIterator]() { return this; },
    next: () => queue.length ? Promise.resolve({ value: queue.shift(), done: false })
      : new Promise((resolve) => { waiting = resolve; }),
    return: () => { listeners.get(post).delete(push); return Promise.resolve({ value: undefined, done: true }); },
  };
}

const field = (type, name, resolve) => { schema.getType(type).getFields()[name].resolve = resolve; };
field('Query', 'hello', () => 'world');
field('Query', 'list', () => items);
field('Query', 'shelves', () => Array.from({ length: 250 }, (_, s) => shelf(s)));
field('Query', 'user', async (_, { id }) => (await rows('user', Number(id)))[0]);
field('Query', 'users', (_, { first }) => rows('users', first));
field('Query', 'posts', (_, { first }) => rows('posts', first));
field('User', 'posts', (user, { first }, context) => context.list('postsOfAuthors', 'author_id', first).get(user.id));
field('Post', 'author', (post, _, context) => context.users.get(post.author_id));
field('Post', 'comments', (post, { first }, context) => context.list('commentsOfPosts', 'post_id', first).get(post.id));
field('Comment', 'author', (comment, _, context) => context.users.get(comment.author_id));
field('Mutation', 'addComment', async (_, { postID, authorID, body }) => {
  const [comment] = await rows('addComment', Number(postID), Number(authorID), body);
  publish(comment);
  return comment;
});
schema.getType('Subscription').getFields().commentAdded.subscribe = (_, { postID }) => events(Number(postID));

const documents = new Map();
function prepare(text) {
  const known = documents.get(text);
  if (known) return known;
  let prepared;
  try {
    const document = parse(text);
    const errors = validate(schema, document);
    prepared = errors.length ? { errors } : { document };
  } catch (error) { prepared = { errors: [error] }; }
  documents.set(text, prepared);
  if (documents.size > 1000) documents.delete(documents.keys().next().value);
  return prepared;
}
const request = ({ query, variables, operationName }, prepared) => ({
  schema, document: prepared.document, variableValues: variables, operationName, contextValue: new Context(),
});

async function answer(body, response) {
  let envelope;
  try { envelope = JSON.parse(body); } catch { response.writeHead(400); return response.end(); }
  const prepared = prepare(envelope.query);
  const result = prepared.errors ? prepared : await execute(request(envelope, prepared));
  const text = Buffer.from(JSON.stringify(result));
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': text.length });
  response.end(text);
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(Buffer.concat(chunks).toString(), response));
});

new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }).on('connection', (socket) => {
  const running = new Map();
  socket.on('close', () => { for (const events of running.values()) events.return(); });
  socket.on('message', async (data) => {
    const message = JSON.parse(data);
    if (message.type === 'connection_init') return socket.send('{"type":"connection_ack"}');
    if (message.type === 'ping') return socket.send('{"type":"pong"}');
    if (message.type === 'complete') { running.get(message.id)?.return(); running.delete(message.id); return; }
    const prepared = prepare(message.payload.query);
    const events = prepared.errors ? prepared : await subscribe(request(message.payload, prepared));
    if (events.errors) return socket.send(JSON.stringify({ id: message.id, type: 'error', payload: events.errors }));
    running.set(message.id, events);
    for await (const payload of events) socket.send(JSON.stringify({ id: message.id, type: 'next', payload }));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', 1024);
