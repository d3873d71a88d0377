import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import Testing

/// A schema with something of everything, and documents held against it.
enum ValidationFixture {
    static let sdl = """
        interface Being { name(surname: Boolean): String }
        interface Mammal implements Being { name(surname: Boolean): String, mother: Mammal }
        interface Owned implements Being { name(surname: Boolean): String, owner: Human }
        type Dog implements Being & Mammal & Owned {
          name(surname: Boolean): String
          nickname: String
          barks: Boolean
          barkVolume: Int
          knows(command: Command): Boolean
          isHouseTrained(atHome: Boolean = true): Boolean
          mother: Dog
          owner: Human
          puppies(first: Int!, after: String): [Dog!]!
          oldName: String @deprecated(reason: "Use name.")
        }
        type Cat implements Being & Owned {
          name(surname: Boolean): String
          nickname: String
          meows: Boolean
          meowVolume: Float
          fur: Fur
          owner: Human
        }
        type Human implements Being {
          name(surname: Boolean): String
          pets: [Pet]
          relatives: [Human]!
          iq: Int
        }
        type Fish { depth: Int! }
        union Pet = Dog | Cat
        union Swimmer = Dog | Fish
        enum Command { SIT DOWN HEEL JUMP @deprecated(reason: "Too old.") }
        enum Fur { BROWN BLACK TAN SPOTTED }
        scalar Json
        input Filter {
          name: String
          required: Boolean!
          withDefault: Boolean! = false
          numbers: [Int!]
          inner: Filter
          old: String @deprecated(reason: "Gone.")
        }
        input Key @oneOf { id: ID, name: String }
        type Query {
          dog: Dog
          cat: Cat
          pet: Pet
          being: Being
          owned: Owned
          mammal: Mammal
          swimmer: Swimmer
          human(id: ID): Human
          int(value: Int): String
          float(value: Float): String
          string(value: String): String
          boolean(value: Boolean): String
          id(value: ID): String
          json(value: Json): String
          command(value: Command): String
          strings(value: [String]): String
          filter(value: Filter, old: Int @deprecated(reason: "No longer.")): String
          key(value: Key): String
          requiredKey(value: Key!): String
          required(one: Int!, two: Int!): String
          optional(one: Int! = 1, two: Int): String
        }
        type Mutation { rename(name: String): Dog, feed: [Dog] }
        type Subscription { barked: Dog, meowed: Cat, moved: [Dog] }
        directive @onQuery on QUERY
        directive @onMutation on MUTATION
        directive @onSubscription on SUBSCRIPTION
        directive @onField(arg: Int) on FIELD
        directive @onSpread on FRAGMENT_SPREAD
        directive @onInline on INLINE_FRAGMENT
        directive @onFragment on FRAGMENT_DEFINITION
        directive @onVariable on VARIABLE_DEFINITION
        directive @often repeatable on FIELD
        directive @needs(it: Int!) on FIELD
        directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @stream(if: Boolean! = true, label: String, initialCount: Int = 0) on FIELD
        """

    static let validator: DocumentValidator = {
        do throws(SyntaxError) { return DocumentValidator(try Schema(unchecked: sdl)) } catch {
            preconditionFailure("the fixture is GraphQL: \(error.message)")
        }
    }()
}

/// What a rule says about a document: `line:column line:column message`.
func problems(_ rule: ValidationRule, _ document: String) throws -> [String] {
    try problems(document, ValidationOptions(rules: [rule]))
}

func problems(
    _ document: String,
    _ options: ValidationOptions = ValidationOptions(),
    _ validator: DocumentValidator = ValidationFixture.validator
) throws -> [String] {
    validator.validate(try Document(parsing: document), options: options).map(\.summary)
}

extension GraphQLError {
    var summary: String {
        (locations.map { "\($0.line):\($0.column)" } + [message]).joined(separator: " ")
    }
}
