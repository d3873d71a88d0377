import GraphQLEngine
import Testing

@Suite struct ScalarLeafsRuleTests {
    @Test func `leaves have no selections, objects have`() throws {
        #expect(
            try problems(.scalarLeafs, "{ dog { name(surname: true) knows(command: SIT) owner { iq } } __typename }")
                == []
        )
    }

    @Test func `an object needs selections`() throws {
        #expect(
            try problems(.scalarLeafs, "{ human { pets } }") == [
                #"1:11 Field "pets" of type "[Pet]" must have a selection of subfields. Did you mean "pets { ... }"?"#
            ]
        )
    }

    @Test func `a leaf must not have any`() throws {
        #expect(
            try problems(.scalarLeafs, "{ cat { fur @skip(if: true) { x } x: name { y } } }") == [
                #"1:29 Field "fur" must not have a selection since type "Fur" has no subfields."#,
                #"1:43 Field "name" must not have a selection since type "String" has no subfields."#,
            ]
        )
    }

    @Test func `unknown fields are another rule's matter`() throws {
        #expect(try problems(.scalarLeafs, "{ unknown { x { y } } }") == [])
    }
}
