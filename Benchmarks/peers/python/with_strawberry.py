"""strawberry's ASGI application with its caches of documents and its own loaders.

usage: uvicorn with_strawberry:app --loop uvloop --http httptools --no-access-log
"""
from contextlib import asynccontextmanager
from typing import AsyncGenerator, List, Optional
import strawberry
from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
import data


class Loaders:
    def __init__(self):
        self.users = DataLoader(load_fn=data.users)
        self.known = {}

    def list(self, name, key, first):
        if (name, first) not in self.known:
            self.known[name, first] = DataLoader(load_fn=lambda ids: data.lists(name, key, ids, first))
        return self.known[name, first]


@strawberry.type
class Item:
    id: strawberry.ID
    name: str
    email: str
    age: int
    city: str
    country: str
    score: float
    bio: str
    active: bool
    rank: int


items = [Item(**item) for item in data.items]


@strawberry.type
class Shelf:
    items: List[Item]


@strawberry.type
class User:
    id: strawberry.ID
    name: str
    email: str

    @strawberry.field
    async def posts(self, info: strawberry.Info, first: int) -> List["Post"]:
        found = await info.context["loaders"].list("postsOfAuthors", "author_id", first).load(self.id)
        return [post(row) for row in found]


@strawberry.type
class Comment:
    id: strawberry.ID
    body: str
    author_id: strawberry.Private[int]

    @strawberry.field
    async def author(self, info: strawberry.Info) -> User:
        return user(await info.context["loaders"].users.load(self.author_id))


@strawberry.type
class Post:
    id: strawberry.ID
    title: str
    body: str
    author_id: strawberry.Private[int]

    @strawberry.field
    async def author(self, info: strawberry.Info) -> User:
        return user(await info.context["loaders"].users.load(self.author_id))

    @strawberry.field
    async def comments(self, info: strawberry.Info, first: int) -> List[Comment]:
        found = await info.context["loaders"].list("commentsOfPosts", "post_id", first).load(self.id)
        return [comment(row) for row in found]


def user(row):
    return User(id=row["id"], name=row["name"], email=row["email"])


def post(row):
    return Post(id=row["id"], title=row["title"], body=row["body"], author_id=row["author_id"])


def comment(row):
    return Comment(id=row["id"], body=row["body"], author_id=row["author_id"])


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "world"

    @strawberry.field
    def list(self) -> List[Item]:
        return items

    @strawberry.field
    def shelves(self) -> List[Shelf]:
        return [Shelf(items=[items[(s + n) % 1000] for n in range(250)]) for s in range(250)]

    @strawberry.field
    async def user(self, id: strawberry.ID) -> Optional[User]:
        found = await data.rows("user", int(id))
        return user(found[0]) if found else None

    @strawberry.field
    async def users(self, first: int) -> List[User]:
        return [user(row) for row in await data.rows("users", first)]

    @strawberry.field
    async def posts(self, first: int) -> List[Post]:
        return [post(row) for row in await data.rows("posts", first)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def addComment(self, postID: strawberry.ID, authorID: strawberry.ID, body: str) -> Comment:
        row = (await data.rows("addComment", int(postID), int(authorID), body))[0]
        data.publish(row)
        return comment(row)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def commentAdded(self, postID: strawberry.ID) -> AsyncGenerator[Comment, None]:
        async for row in data.comments(int(postID)):
            yield comment(row)


schema = strawberry.Schema(Query, Mutation, Subscription, config=StrawberryConfig(auto_camel_case=False),
                           extensions=[ParserCache(maxsize=1000), ValidationCache(maxsize=1000)])


class Application(GraphQL):
    async def get_context(self, request, response=None):
        return {"request": request, "response": response, "loaders": Loaders()}


@asynccontextmanager
async def lifespan(_):
    await data.open_pool()
    yield


graphql = Application(schema, graphql_ide=None)
app = Starlette(routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)], lifespan=lifespan)
