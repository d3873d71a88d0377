import GraphQLEngine
import Testing

@Suite struct OverlappingFieldsCanBeMergedRuleTests {
    @Test(arguments: [
        "{ dog { name name nickname: name @skip(if: true) } dog { name } }",
        "{ dog { knows(command: SIT) ...F } } fragment F on Dog { knows(command: SIT) }",
        "{ a: filter(value: {required: true, name: \"x\"}, old: 1) a: filter(old: 1, value: {name: \"x\", required: true}) }",
        "{ pet { ... on Dog { name: nickname } ... on Cat { name } } }",
        "{ pet { ... on Dog { x: name(surname: true) } ... on Cat { x: name } } }",
        "{ pet { ... on Dog { x: mother { y: name } } ... on Cat { x: owner { y: name(surname: true) } } } }",
        "{ dog { ...F } } fragment F on Dog { name ...F }",
        "{ dog { x: __typename } cat { x: __typename } ... on Unknown { dog { y: z } } }",
    ])
    func `fields that merge`(document: String) throws {
        #expect(try problems(.overlappingFieldsCanBeMerged, document) == [])
    }

    private func conflict(_ path: String, _ reason: String) -> String {
        "\(path) conflict because \(reason). Use different aliases on the fields to fetch both if this was intentional."
    }

    @Test func `different fields`() throws {
        #expect(
            try problems(.overlappingFieldsCanBeMerged, "{ dog { x: name x: nickname } }") == [
                conflict(#"1:9 1:17 Fields "x""#, #""name" and "nickname" are different fields"#)
            ]
        )
    }

    @Test func `differing arguments`() throws {
        #expect(
            try problems(.overlappingFieldsCanBeMerged, "{ dog { knows(command: SIT) knows } }") == [
                conflict(#"1:9 1:29 Fields "knows""#, "they have differing arguments")
            ]
        )
        #expect(
            try problems(.overlappingFieldsCanBeMerged, "{ string(value: \"a\") string(value: \"\"\"a\"\"\") }").count
                == 1
        )
        #expect(
            try problems(.overlappingFieldsCanBeMerged, "query($x: Int) { int(value: $x) int(value: 1) }").count == 1
        )
    }

    @Test func `types that cannot share a place, even on objects that are never answered together`() throws {
        let document = "{ pet { ... on Dog { x: barkVolume } ... on Cat { x: meowVolume } } }"
        #expect(
            try problems(.overlappingFieldsCanBeMerged, document) == [
                conflict(#"1:22 1:51 Fields "x""#, #"they return conflicting types "Int" and "Float""#)
            ]
        )
        #expect(
            try problems(
                .overlappingFieldsCanBeMerged,
                "{ swimmer { ... on Dog { x: barkVolume } ... on Fish { x: depth } } }"
            ).count == 1
        )
        #expect(
            try problems(
                .overlappingFieldsCanBeMerged,
                "{ being { ... on Dog { x: owner { iq } } ... on Human { x: relatives { iq } } } }"
            ).count == 1
        )
    }

    @Test func `conflicts of subfields are told from the top`() throws {
        let document = "{ a: dog { x: name y: barks } a: dog { x: nickname y: barkVolume } }"
        #expect(
            try problems(.overlappingFieldsCanBeMerged, document) == [
                conflict(
                    #"1:3 1:12 1:20 1:31 1:40 1:52 Fields "a""#,
                    #"subfields "x" conflict because "name" and "nickname" are different fields and subfields "y" conflict because "barks" and "barkVolume" are different fields"#
                )
            ]
        )
    }

    @Test func `fragments conflict with what is around them and with each other`() throws {
        let document =
            "{ dog { x: name ...A ...B } }\nfragment A on Dog { x: nickname }\nfragment B on Dog { x: oldName }"
        #expect(
            try problems(.overlappingFieldsCanBeMerged, document) == [
                conflict(#"1:9 2:21 Fields "x""#, #""name" and "nickname" are different fields"#),
                conflict(#"2:21 3:21 Fields "x""#, #""nickname" and "oldName" are different fields"#),
                conflict(#"1:9 3:21 Fields "x""#, #""name" and "oldName" are different fields"#),
            ]
        )
    }

    @Test func `conflicts in fragments that nobody reaches are told`() throws {
        #expect(
            try problems(.overlappingFieldsCanBeMerged, "{ dog { name } } fragment A on Dog { x: name x: nickname }")
                .count == 1
        )
    }

    @Test func `fragments of one name: the last one counts where it is spread`() throws {
        let document = "{ dog { x: name ...A } } fragment A on Dog { x: nickname } fragment A on Dog { x: name }"
        #expect(try problems(.overlappingFieldsCanBeMerged, document) == [])
    }
}
