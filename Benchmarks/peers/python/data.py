"""What the servers in Python share: the statements, the items, the pool and who listens to what."""
import asyncio, json, os
import asyncpg

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
statements = json.load(open(os.path.join(folder, "statements.json")))
items = [dict(id=f"item-{n}", name=f"Name {n}", email=f"user{n}@example.com", age=n % 90, city=f"City {n % 100}",
              country="Country", score=n / 8, active=n % 2 == 0, rank=n,
              bio=f"Some longer text about the person number {n}, as people write them.") for n in range(1000)]
pool = None
listeners = {}


async def open_pool():
    global pool
    host, user, database = (os.environ[name] for name in ("BENCH_HOST", "BENCH_USER", "BENCH_DATABASE"))
    pool = await asyncpg.create_pool(host=host, user=user, database=database, min_size=8, max_size=8)


async def rows(name, *values):
    return await pool.fetch(statements[name], *values)


async def users(ids):
    found = {row["id"]: row for row in await rows("usersByIDs", ids)}
    return [found.get(one) for one in ids]


async def lists(name, key, ids, first):
    found = {one: [] for one in ids}
    for row in await rows(name, ids, first):
        found[row[key]].append(row)
    return [found[one] for one in ids]


def publish(comment):
    for queue in listeners.get(comment["post_id"], ()):
        queue.put_nowait(comment)


async def comments(post):
    queue = asyncio.Queue()
    listeners.setdefault(post, set()).add(queue)
    try:
        while True:
            yield await queue.get()
    finally:
        listeners[post].discard(queue)
