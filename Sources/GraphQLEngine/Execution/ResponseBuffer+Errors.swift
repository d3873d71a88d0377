import GraphQLLanguage
import GraphQLSchema

extension ResponseBuffer {
    /// `"errors":[…]`, the members of each in the order of the specification.
    mutating func write(errors: [GraphQLError]) {
        write(raw: "\"errors\":[")
        for (index, error) in errors.enumerated() {
            if index > 0 { write(byte: UInt8(ascii: ",")) }
            write(error)
        }
        write(byte: UInt8(ascii: "]"))
    }

    private mutating func write(_ error: GraphQLError) {
        write(raw: "{\"message\":")
        write(error.message)
        if !error.locations.isEmpty {
            write(raw: ",\"locations\":[")
            for (index, location) in error.locations.enumerated() {
                write(raw: index == 0 ? "{\"line\":" : ",{\"line\":")
                write(location.line)
                write(raw: ",\"column\":")
                write(location.column)
                write(byte: UInt8(ascii: "}"))
            }
            write(byte: UInt8(ascii: "]"))
        }
        if !error.path.isEmpty {
            write(raw: ",\"path\":")
            write(path: error.path[...])
        }
        if !error.extensions.isEmpty {
            write(raw: ",\"extensions\":")
            let members = error.extensions.sorted { $0.key < $1.key }
            write(Value.object(members.map { Value.Field($0.key, $0.value) }))
        }
        write(byte: UInt8(ascii: "}"))
    }

    /// A response path.
    mutating func write(path: ArraySlice<GraphQLError.PathElement>) {
        write(byte: UInt8(ascii: "["))
        var isFirst = true
        for element in path {
            if !isFirst { write(byte: UInt8(ascii: ",")) }
            isFirst = false
            switch element {
            case .key(let key): write(key)
            case .index(let position): write(position)
            }
        }
        write(byte: UInt8(ascii: "]"))
    }
}
