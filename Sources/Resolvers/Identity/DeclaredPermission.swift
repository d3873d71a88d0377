import Actions
import GraphQLSchema

/// What `@auth(permission:, on:)` asks for.
enum DeclaredPermission {
    case platform(PlatformPermission)
    /// In the team that this argument names, or that the field is of.
    case team(TeamPermission, on: [String]?)
    /// In the group of what this argument names.
    case group(GroupPermission, on: [String])

    /// Nil where the directive asks for none; throws for what nobody can look up.
    init?(_ directive: Value) throws {
        guard let name = directive.names(of: "permission")?.first else { return nil }
        let place: [String]? =
            if case .string(let path)? = directive["on"] { path.split(separator: ".").map(String.init) } else { nil }
        if let permission = PlatformPermission(rawValue: name), place == nil {
            self = .platform(permission)
        } else if let permission = TeamPermission(rawValue: name) {
            self = .team(permission, on: place)
        } else if let permission = GroupPermission(rawValue: name), let place {
            self = .group(permission, on: place)
        } else {
            throw UndeclaredAccess()
        }
    }
}

/// A resolver asks for a permission that the schema does not declare of its field, or the schema for one that is not there:
/// nobody gets it.
struct UndeclaredAccess: Error {}

extension Schema {
    /// Fields with a permission that nothing can be held against: one of a team or a group on what names none.
    var unfoundPermissions: [String] {
        types.flatMap { type in
            type.fields.filter { field in
                guard let auth = field.appliedDirectives.first(where: { $0.name == "auth" }),
                    case .enum(let permission)? = auth["permission"]
                else { return false }
                // A name that is of the platform and of groups is of groups where the field says of which.
                if PlatformPermission(rawValue: permission) != nil, auth["on"] == nil { return false }
                let isOfTeam = TeamPermission(rawValue: permission) != nil
                guard isOfTeam || GroupPermission(rawValue: permission) != nil else { return true }
                guard case .string(let path)? = auth["on"] else { return !isOfTeam || type.name != "Team" }
                // What a change does it does once; whoever reads asks a team for its fields.
                return type.name != mutationType.map { self[$0].name } || !isID(path, among: field.arguments)
            }.map { "\(type.name).\($0.name)" }
        }
    }

    private func isID(_ path: String, among inputs: [InputValueDefinition]) -> Bool {
        let names = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let input = inputs.first(where: { $0.name == names.first }) else { return false }
        if names.count == 2 { return isID(names[1], among: self[input.type.type].inputFields) }
        return !input.type.isList && self[input.type.type].name == "ID"
    }
}
