import GraphQLLanguage

extension SDLRule {
    /// Members of a type, over its definition and extensions, that may not share a name.
    static func uniqueMembers(
        _ kinds: Node.Kind...,
        what: String,
        in text: SDLText,
        _ report: inout SDLReport,
        existing: (NamedType) -> [String]
    ) {
        var membersByType: [String: (existing: Set<String>, first: [String: Document.Index])] = [:]
        for definition in text.definitions {
            let kind = text.document[definition].kind
            guard kind.definedType != nil || kind.extendedType != nil else { continue }
            let typeName = text.document.text(of: definition)
            // Taken out while it grows: a type of many extensions is not copied for each.
            var members =
                membersByType.removeValue(forKey: typeName)
                ?? (Set(text.existingType(definition).map(existing) ?? []), [:])
            for member in text.document.children(of: definition) where kinds.contains(text.document[member].kind) {
                let name = text.document.text(of: member)
                if members.existing.contains(name) {
                    report.add(
                        entering: definition,
                        at: text.nameStart(member),
                        message: "\(what) \"\(typeName).\(name)\" already exists in the schema. "
                            + "It cannot also be defined in this type extension."
                    )
                } else if let known = members.first[name] {
                    report.add(
                        entering: definition,
                        at: text.nameStart(known),
                        text.nameStart(member),
                        message: "\(what) \"\(typeName).\(name)\" can only be defined once."
                    )
                } else {
                    members.first[name] = member
                }
            }
            membersByType[typeName] = members
        }
    }
}
