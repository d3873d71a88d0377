import GraphQLSchema
import Testing

@Suite struct TypeReferenceTests {
    @Test func `lists and non-null marks nest`() {
        let int = TypeReference(TypeID(7))
        let matrix = int.required.list.list.required  // [[Int!]]!
        #expect(matrix.isNonNull && matrix.isList && matrix.listDepth == 2)
        #expect(!matrix.element.isNonNull && matrix.element.isList)
        #expect(matrix.element.element == int.required)
        #expect(matrix.nullable.element == matrix.element && !matrix.nullable.isNonNull)
    }
}
