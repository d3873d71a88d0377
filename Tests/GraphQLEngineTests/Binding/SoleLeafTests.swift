import Testing

@testable import GraphQLEngine

/// The overloads for root fields of the schema's own scalars hold the same as the general initialiser, which a count asks for.
@Suite struct SoleLeafTests {
    private struct Held: Equatable {
        var cells: [FieldColumn.Cell]
        var mayHoldNulls: Bool
        var errors: [String]
        var text: String?

        init(_ column: FieldColumn) {
            cells = column.cells
            mayHoldNulls = column.mayHoldNulls
            errors = column.errors.map { "\($0)" }
            guard case .leaves(let leaves) = column.values, let index = column.cells[0].index else { return }
            var buffer = ResponseBuffer()
            leaves.write(index, to: &buffer)
            leaves.gathering([index]).write(0, to: &buffer)
            text = String(decoding: buffer.bytes(), as: UTF8.self)
        }
    }

    private func expectSame(_ sole: FieldColumn, _ general: FieldColumn, _ text: String?) {
        #expect(Held(sole) == Held(general))
        #expect(Held(sole).text == text)
    }

    @Test func `a value is held as one of many would be`() {
        expectSame(
            FieldColumn("a \"text\"", as: Leaf<String>.self),
            FieldColumn("a \"text\"", as: Leaf<String>.self, count: 1),
            #""a \"text\"""a \"text\"""#
        )
        expectSame(FieldColumn(-7, as: Leaf<Int32>.self), FieldColumn(-7, as: Leaf<Int32>.self, count: 1), "-7-7")
        expectSame(FieldColumn(true, as: Leaf<Bool>.self), FieldColumn(true, as: Leaf<Bool>.self, count: 1), "truetrue")
        expectSame(
            FieldColumn(2.5, as: Leaf<Double>.self),
            FieldColumn(2.5, as: Leaf<Double>.self, count: 1),
            "2.52.5"
        )
        expectSame(
            FieldColumn("b", as: Maybe<Leaf<String>>.self),
            FieldColumn("b", as: Maybe<Leaf<String>>.self, count: 1),
            #""b""b""#
        )
    }

    @Test func `null is held as one of many would be`() {
        let (text, number, boolean) = (String?.none, Int32?.none, Bool?.none)
        expectSame(
            FieldColumn(text, as: Maybe<Leaf<String>>.self),
            FieldColumn(text, as: Maybe<Leaf<String>>.self, count: 1),
            nil
        )
        expectSame(
            FieldColumn(number, as: Maybe<Leaf<Int32>>.self),
            FieldColumn(number, as: Maybe<Leaf<Int32>>.self, count: 1),
            nil
        )
        expectSame(
            FieldColumn(boolean, as: Maybe<Leaf<Bool>>.self),
            FieldColumn(boolean, as: Maybe<Leaf<Bool>>.self, count: 1),
            nil
        )
    }

    @Test func `a number without a JSON form is an error of its field`() {
        let column = FieldColumn(Double.nan, as: Leaf<Double>.self)
        #expect(column.cells == [.error(0)] && column.errors.count == 1 && column.mayHoldNulls)
    }
}
