import Testing

@Suite struct ReferenceCommandTests {
    @Test func `a reference says what the schema says of each member`() throws {
        let tool = try Tool([
            "s.graphql": """
            directive @auth(anyRole: [String!]) on FIELD_DEFINITION
            type Query {
              "Who asks."
              viewer("Of which team." team: ID = "a|b"): [User!]! @auth(anyRole: ["ADMIN"])
              old: Int @deprecated(reason: "Use viewer.")
            }
            "A person."
            type User implements Node { "Theirs | own." id: ID! role(of: ID): Role friends: [User] }
            interface Node { id: ID! }
            enum Role { "May all." ADMIN }
            input Filter @oneOf { role: Role name: String }
            union Thing = User
            scalar DateTime @specifiedBy(url: "https://example.org/time")
            """
        ])
        let result = try tool.run("reference", "s.graphql")
        #expect(result.exitCode == 0 && result.errors.isEmpty)
        #expect(
            result.output == """
                # Reference

                Written from the schema by `atrium-schema reference`: change the descriptions there.

                ## Queries

                ### `viewer`: \\[[User](#user)!\\]!

                `@auth(anyRole: ["ADMIN"])`

                Who asks.

                | argument | type | |
                |---|---|---|
                | `team` | `ID` | Of which team. Standard: `"a\\|b"`. |

                ### `old`: `Int`

                **Deprecated:** Use viewer.

                ## Objects

                ### User

                A person.

                Implements [Node](#node).

                | field | type | |
                |---|---|---|
                | `id` | `ID!` | Theirs \\| own. |
                | `role(of: ID)` | [Role](#role) |  |
                | `friends` | \\[[User](#user)\\] |  |

                ## Interfaces

                ### Node

                Implemented by [User](#user).

                | field | type | |
                |---|---|---|
                | `id` | `ID!` |  |

                ## Unions

                ### Thing

                One of [User](#user).

                ## Enums

                ### Role

                | value | |
                |---|---|
                | `ADMIN` | May all. |

                ## Inputs

                ### Filter

                Exactly one of the fields is given.

                | field | type | |
                |---|---|---|
                | `role` | [Role](#role) |  |
                | `name` | `String` |  |

                ## Scalars

                ### DateTime

                Specified by <https://example.org/time>.

                """
        )
    }
}
