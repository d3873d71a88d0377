from support import PlaygroundTest

DOCUMENTS = """
{ hello }
query A { hello } query B { a: hello ...F } fragment F on Query { __typename }
query ($a: Int!, $b: Int = 2) { add(a: $a, b: $b) }
query ($t: String!) { echo(text: $t) @include(if: true) @skip(if: false) }
{ __schema { types { name fields { name args { name } } } } __type(name: "Query") { kind } }
subscription { count(to: 3) }
mutation { setValue(value: \"\"\"a block\"\"\") }
{ ... on Query { hello } ... { add(a: 1, b: -2) } ... @include(if: true) { hello } }
query Q { hello } # comment
{ helo }
{ hello { length } }
{ __schema }
{ echo }
{ echo(text: 1) }
{ echo(text: null) }
{ echo(text: ["a"]) }
{ echo(text: "a", text: "b") }
{ echo(txet: "a") }
{ add(a: 1.5, b: 12345678901) }
{ add(a: "1", b: true) }
{ hello @unknown }
{ hello @include }
{ hello @include(if: 1) }
{ hello @include(if: true) @include(if: true) }
query @include(if: true) { hello }
query ($a: Int) { add(a: $a, b: 1) }
query ($a: Int!) { hello }
{ add(a: $a, b: 1) }
query A ($a: Int) { hello } query A { hello }
{ hello } query B { hello }
query ($a: Int, $a: Int) { add(a: $a, b: $a) }
query ($a: Query) { hello @include(if: $a) }
query ($a: Nothing) { hello @include(if: $a) }
{ ...F }
{ hello } fragment F on Query { hello }
{ ...F } fragment F on Nothing { hello }
{ ...F } fragment F on Int { hello }
{ ...F } fragment F on Mutation { setValue(value: "") }
{ ... on Mutation { setValue(value: "") } }
{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }
{ a: hello a: fail }
{ echo(text: "a") echo(text: "b") }
subscription { count(to: 1) greetings }
type T { a: Int }
{ hello
{ hello( }
{ }
query ( { hello }
{ add(a: ) }
fragment on on Query { hello }
{ echo(text: "unterminated) }
{ ?
"""


class RulesTest(PlaygroundTest):
    """What the page says of a document while one types is what the server says when one runs it."""

    def test_the_page_and_the_server_agree(self):
        self.visit()
        differing = []
        for document in DOCUMENTS.strip().split("\n"):
            page, server = self.page.evaluate(
                """async (query) => {
                    const base = document.querySelector('script[type=module]').src.replace('main.js', 'language/');
                    const [{ parse }, { validate }, { Schema, introspectionQuery }] = await Promise.all(['parser', 'validate', 'schema'].map((name) => import(`${base}${name}.js`)));
                    const ask = async (query) => (await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })).json();
                    globalThis.known ??= Schema.fromIntrospection((await ask(introspectionQuery)).data);
                    const answer = await ask(`${query}`);
                    const isRequestError = (error) => !error.path && !/Must provide operation name|was not provided|of type .* was not|expects this operation|subscription/i.test(error.message) || /Subscription "|Anonymous Subscription/.test(error.message) || /is required, but/.test(error.message);
                    const page = validate(parse(query), globalThis.known).problems.filter((problem) => problem.severity === 'error').map((problem) => problem.message);
                    return [page.sort(), (answer.errors ?? []).filter(isRequestError).map((error) => error.message).sort()];
                }""",
                document,
            )
            if page != server:
                differing.append(f"{document}\n    page:   {page}\n    server: {server}")
        self.assertEqual(differing, [], "\n" + "\n".join(differing))
