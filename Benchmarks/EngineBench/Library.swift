import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// The schema that is measured: values in memory, bound as the generator binds.
enum Library: SchemaBinding {
    static var sdl: StaticString {
        """
        type Query { hello: String! list: [Item!]! shelves: [Shelf!]! }
        type Shelf { name: String! items: [Item!]! }
        type Item {
          id: ID! name: String! email: String! age: Int! city: String! country: String! score: Float! bio: String!
          active: Boolean! rank: Int!
        }
        """
    }

    static func root(_ operation: OperationType) -> ObjectColumn { Objects<QueryBinding>([Library.shared]) }

    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? { nil }

    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        preconditionFailure("the schema has no subscriptions")
    }

    static let shared = Shelves()
}

/// 1,000 items, and 250 shelves of 250 of them.
struct Shelves: Sendable {
    let items: [Item] = (0..<1_000).map(Item.init)
    let shelves: [Shelf]

    init() {
        let items = items
        shelves = (0..<250).map { shelf in
            Shelf(name: "shelf \(shelf)", items: (0..<250).map { items[(shelf + $0) % 1_000] })
        }
    }
}

struct Shelf: Sendable {
    let name: String
    let items: [Item]
}

struct Item: Sendable {
    let id: String
    let name: String
    let email: String
    let age: Int32
    let city: String
    let country: String
    let score: Double
    let bio: String
    let active: Bool
    let rank: Int32

    init(_ number: Int) {
        id = "item-\(number)"
        name = "Name \(number)"
        email = "user\(number)@example.com"
        age = Int32(number % 90)
        city = "City \(number % 100)"
        country = "Country"
        score = Double(number) / 8
        bio = "Some longer text about the person number \(number), as people write them."
        active = number % 2 == 0
        rank = Int32(number)
    }
}

enum QueryBinding: ObjectBinding {
    typealias Value = Shelves
    static let typeName = "Query"

    static func write(_ field: Int, of value: Shelves, to buffer: inout ResponseBuffer) {
        preconditionFailure("Query has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<Shelves>, _ call: ResolverCall) async throws -> FieldColumn {
        switch field {
        case 0: FieldColumn("world", as: Leaf<String>.self)
        case 1: FieldColumn(parents[0].items, as: ListOf<Object<ItemBinding>>.self)
        default: FieldColumn(parents[0].shelves, as: ListOf<Object<ShelfBinding>>.self)
        }
    }
}

enum ShelfBinding: ObjectBinding {
    typealias Value = Shelf
    static let typeName = "Shelf"

    static func write(_ field: Int, of value: Shelf, to buffer: inout ResponseBuffer) { value.name.write(to: &buffer) }

    static func resolve(_ field: Int, of parents: Batch<Shelf>, _ call: ResolverCall) async throws -> FieldColumn {
        FieldColumn(parents.results(\.items), as: ListOf<Object<ItemBinding>>.self)
    }
}

enum ItemBinding: ObjectBinding {
    typealias Value = Item
    static let typeName = "Item"

    static func write(_ field: Int, of value: Item, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: value.id.write(to: &buffer)
        case 1: value.name.write(to: &buffer)
        case 2: value.email.write(to: &buffer)
        case 3: value.age.write(to: &buffer)
        case 4: value.city.write(to: &buffer)
        case 5: value.country.write(to: &buffer)
        case 6: value.score.write(to: &buffer)
        case 7: value.bio.write(to: &buffer)
        case 8: value.active.write(to: &buffer)
        default: value.rank.write(to: &buffer)
        }
    }

    static func isRepresentable(_ field: Int, of value: Item) -> Bool { value.score.isRepresentable }

    static func resolve(_ field: Int, of parents: Batch<Item>, _ call: ResolverCall) async throws -> FieldColumn {
        preconditionFailure("Item has stored fields only")
    }
}

extension Item {
    /// What the executor writes for an item, as a person would write it by hand.
    func write(to buffer: inout ResponseBuffer) {
        buffer.write(raw: "{\"id\":")
        buffer.write(id)
        buffer.write(raw: ",\"name\":")
        buffer.write(name)
        buffer.write(raw: ",\"email\":")
        buffer.write(email)
        buffer.write(raw: ",\"age\":")
        buffer.write(Int(age))
        buffer.write(raw: ",\"city\":")
        buffer.write(city)
        buffer.write(raw: ",\"country\":")
        buffer.write(country)
        buffer.write(raw: ",\"score\":")
        buffer.write(score)
        buffer.write(raw: ",\"bio\":")
        buffer.write(bio)
        buffer.write(raw: ",\"active\":")
        buffer.write(active)
        buffer.write(raw: ",\"rank\":")
        buffer.write(Int(rank))
        buffer.write(byte: UInt8(ascii: "}"))
    }
}
