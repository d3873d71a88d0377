"""ariadne's ASGI application, documents and what validation said of them kept, loaders of aiodataloader as its documentation has them.

usage: uvicorn with_ariadne:app --loop uvloop --http httptools --no-access-log
"""
import os
from contextlib import asynccontextmanager
from functools import lru_cache
from aiodataloader import DataLoader
from ariadne import MutationType, ObjectType, QueryType, SubscriptionType, make_executable_schema
from ariadne.asgi import GraphQL
from ariadne.asgi.handlers import GraphQLTransportWSHandler
from graphql import parse, validate
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
import data


class Loaders:
    def __init__(self):
        self.users = DataLoader(self.plain_users)
        self.known = {}

    @staticmethod
    async def plain_users(ids):
        return [plain(row) if row else None for row in await data.users(ids)]

    def list(self, name, key, first):
        async def load(ids):
            return await data.lists(name, key, ids, first)

        if (name, first) not in self.known:
            self.known[name, first] = DataLoader(load)
        return self.known[name, first]


query, mutation, subscription = QueryType(), MutationType(), SubscriptionType()
user, post, comment = ObjectType("User"), ObjectType("Post"), ObjectType("Comment")


def plain(row):
    return dict(row.items())


@query.field("hello")
def _(*_):
    return "world"


@query.field("list")
def _(*_):
    return data.items


@query.field("shelves")
def _(*_):
    return [{"items": [data.items[(s + n) % 1000] for n in range(250)]} for s in range(250)]


@query.field("user")
async def _(_, info, id):
    found = await data.rows("user", int(id))
    return plain(found[0]) if found else None


@query.field("users")
async def _(_, info, first):
    return [plain(row) for row in await data.rows("users", first)]


@query.field("posts")
async def _(_, info, first):
    return [plain(row) for row in await data.rows("posts", first)]


@user.field("posts")
async def _(user, info, first):
    found = await info.context["loaders"].list("postsOfAuthors", "author_id", first).load(user["id"])
    return [plain(row) for row in found]


@post.field("comments")
async def _(post, info, first):
    found = await info.context["loaders"].list("commentsOfPosts", "post_id", first).load(post["id"])
    return [plain(row) for row in found]


@post.field("author")
@comment.field("author")
async def _(parent, info):
    return await info.context["loaders"].users.load(parent["author_id"])


@mutation.field("addComment")
async def _(_, info, postID, authorID, body):
    row = (await data.rows("addComment", int(postID), int(authorID), body))[0]
    data.publish(row)
    return plain(row)


@subscription.source("commentAdded")
async def _(_, info, postID):
    async for row in data.comments(int(postID)):
        yield row


@subscription.field("commentAdded")
def _(row, info, postID):
    return plain(row)


text = open(os.path.join(data.folder, "schema.graphql")).read()
schema = make_executable_schema(text, query, mutation, subscription, user, post, comment)


@lru_cache(maxsize=1000)
def parsed(query):
    return parse(query)


# What documents were found to be, by their ids; the documents are kept with it, so that an id stays its own.
known = {}


def validated(schema, document, *arguments, **named):
    if id(document) not in known:
        if len(known) >= 1000:
            known.clear()
        known[id(document)] = document, validate(schema, document, *arguments, **named)
    return known[id(document)][1]


@asynccontextmanager
async def lifespan(_):
    await data.open_pool()
    yield


graphql = GraphQL(
    schema,
    context_value=lambda request, _=None: {"request": request, "loaders": Loaders()},
    query_parser=lambda context, body: parsed(body["query"]),
    query_validator=validated,
    websocket_handler=GraphQLTransportWSHandler(),
)
app = Starlette(routes=[Route("/graphql", graphql.handle_request, methods=["GET", "POST"]),
                        WebSocketRoute("/graphql", graphql.handle_websocket)], lifespan=lifespan)
