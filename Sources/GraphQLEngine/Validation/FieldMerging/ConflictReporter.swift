import GraphQLLanguage
import GraphQLSchema

/// Words the conflicts of a document as graphql-js does, by comparing pairs of fields in its order.
///
/// Only documents that have a conflict come here. What is compared with what, and what is compared but once, decides
/// which conflicts are told how often; so this follows the algorithm that graphql-js documents, step by step.
struct ConflictReporter {
    /// Two lists of fields that conflict under a response key.
    final class Conflict {
        let key: NameID
        let reason: Reason
        let left: [Int32]
        let right: [Int32]

        enum Reason {
            case names(NameID, NameID)
            case arguments
            case types(TypeReference, TypeReference)
            case subfields([Conflict])
        }

        init(_ key: NameID, _ reason: Reason, _ left: [Int32], _ right: [Int32]) {
            self.key = key
            self.reason = reason
            self.left = left
            self.right = right
        }
    }

    /// The fields of a selection set and its inline fragments by response key, and the fragments that are spread there.
    private struct FieldMap {
        var keys: [NameID] = []
        var fields: [NameID: [Int32]] = [:]
        var fragments: [Int32] = []
    }

    /// Deeper conflicts are not followed.
    private static let maxDepth = 200

    private(set) var isExhausted = false
    private var remainingComparisons: Int
    private var remainingSteps: Int
    private var depth = 0
    private var arguments = ArgumentClasses()
    private var maps: [FieldMap] = []
    private var mapNumbers: [Int32: Int] = [:]
    /// Pairs of a field map or a fragment with a fragment, and whether they were compared as mutually exclusive.
    private var comparedWithFields: [UInt64: Bool] = [:]
    private var comparedFragments: [UInt64: Bool] = [:]

    init(maxComparisons: Int) {
        remainingComparisons = maxComparisons
        remainingSteps = maxComparisons * 10
    }

    /// The first conflicts between the fields of one selection set, those of the fragments spread there included.
    mutating func conflicts(within selectionSet: Int32, maximum: Int, _ facts: borrowing Facts) -> [Conflict] {
        var conflicts: [Conflict] = []
        let map = number(of: selectionSet, facts)
        for key in maps[map].keys {
            guard let fields = maps[map].fields[key] else { continue }
            for (position, left) in fields.enumerated() {
                for right in fields[(position + 1)...] where !isExhausted {
                    if conflicts.count >= maximum { return conflicts }
                    compare(key, left, right, areExclusive: false, facts, &conflicts)
                }
            }
        }
        let fragments = maps[map].fragments
        for (position, fragment) in fragments.enumerated() where !isExhausted && conflicts.count < maximum {
            compareFields(of: map, withFragment: fragment, areExclusive: false, facts, &conflicts)
            for other in fragments[(position + 1)...] where !isExhausted && conflicts.count < maximum {
                compareFragments(fragment, other, areExclusive: false, facts, &conflicts)
            }
        }
        return conflicts
    }

    // MARK: Pairs of fields

    private mutating func compare(
        _ key: NameID,
        _ left: Int32,
        _ right: Int32,
        areExclusive parentsAreExclusive: Bool,
        _ facts: borrowing Facts,
        _ conflicts: inout [Conflict]
    ) {
        remainingComparisons -= 1
        guard remainingComparisons >= 0 else { return isExhausted = true }
        let one = facts.fields[Int(left)]
        let other = facts.fields[Int(right)]
        let areExclusive =
            parentsAreExclusive || one.parent != other.parent && facts.isOnObject(one) && facts.isOnObject(other)
        if !areExclusive {
            if one.name != other.name {
                return conflicts.append(Conflict(key, .names(one.name, other.name), [left], [right]))
            }
            if !arguments.areSame(Int(left), Int(right), facts) {
                return conflicts.append(Conflict(key, .arguments, [left], [right]))
            }
        }
        let type = facts.mergedType(of: one)
        let otherType = facts.mergedType(of: other)
        if facts.haveDifferentShapes(type, otherType) {
            return conflicts.append(Conflict(key, .types(type, otherType), [left], [right]))
        }
        guard one.selectionSet != 0, other.selectionSet != 0 else { return }
        guard depth < Self.maxDepth else { return isExhausted = true }
        depth += 1
        let inner = conflictsBetween(one.selectionSet, other.selectionSet, areExclusive: areExclusive, facts)
        depth -= 1
        guard !inner.isEmpty else { return }
        conflicts.append(
            Conflict(key, .subfields(inner), [left] + inner.flatMap(\.left), [right] + inner.flatMap(\.right))
        )
    }

    private mutating func conflictsBetween(
        _ left: Int32,
        _ right: Int32,
        areExclusive: Bool,
        _ facts: borrowing Facts
    ) -> [Conflict] {
        var conflicts: [Conflict] = []
        let leftMap = number(of: left, facts)
        let rightMap = number(of: right, facts)
        compareFields(of: leftMap, with: rightMap, areExclusive: areExclusive, facts, &conflicts)
        for fragment in maps[rightMap].fragments {
            compareFields(of: leftMap, withFragment: fragment, areExclusive: areExclusive, facts, &conflicts)
        }
        for fragment in maps[leftMap].fragments {
            compareFields(of: rightMap, withFragment: fragment, areExclusive: areExclusive, facts, &conflicts)
        }
        for one in maps[leftMap].fragments {
            for other in maps[rightMap].fragments where !isExhausted {
                compareFragments(one, other, areExclusive: areExclusive, facts, &conflicts)
            }
        }
        return conflicts
    }

    private mutating func compareFields(
        of left: Int,
        with right: Int,
        areExclusive: Bool,
        _ facts: borrowing Facts,
        _ conflicts: inout [Conflict]
    ) {
        remainingSteps -= maps[left].keys.count
        if remainingSteps < 0 { isExhausted = true }
        for key in maps[left].keys {
            guard let others = maps[right].fields[key], let fields = maps[left].fields[key] else { continue }
            for field in fields {
                for other in others where !isExhausted {
                    compare(key, field, other, areExclusive: areExclusive, facts, &conflicts)
                }
            }
        }
    }

    // MARK: Fragments, without recursion: they can be chained as deep as a document is long.

    private mutating func compareFields(
        of map: Int,
        withFragment fragment: Int32,
        areExclusive: Bool,
        _ facts: borrowing Facts,
        _ conflicts: inout [Conflict]
    ) {
        var pending = [fragment]
        while !isExhausted, let fragment = pending.popLast() {
            let pair = UInt64(map) << 32 | UInt64(fragment)
            if Self.note(pair, areExclusive, in: &comparedWithFields) { continue }
            let other = number(of: facts.fragments[Int(fragment)].selectionSet, facts)
            if other == map { continue }
            compareFields(of: map, with: other, areExclusive: areExclusive, facts, &conflicts)
            pending += maps[other].fragments.reversed()
        }
    }

    private mutating func compareFragments(
        _ left: Int32,
        _ right: Int32,
        areExclusive: Bool,
        _ facts: borrowing Facts,
        _ conflicts: inout [Conflict]
    ) {
        var pending = [(left, right)]
        while !isExhausted, let (left, right) = pending.popLast() {
            remainingSteps -= 1
            if remainingSteps < 0 { return isExhausted = true }
            let pair = UInt64(min(left, right)) << 32 | UInt64(max(left, right))
            if left == right || Self.note(pair, areExclusive, in: &comparedFragments) { continue }
            let leftMap = number(of: facts.fragments[Int(left)].selectionSet, facts)
            let rightMap = number(of: facts.fragments[Int(right)].selectionSet, facts)
            compareFields(of: leftMap, with: rightMap, areExclusive: areExclusive, facts, &conflicts)
            pending += maps[leftMap].fragments.reversed().map { ($0, right) }
            pending += maps[rightMap].fragments.reversed().map { (left, $0) }
        }
    }

    /// Says whether a pair was compared before. Comparing it as not exclusive covers both.
    private static func note(_ pair: UInt64, _ areExclusive: Bool, in pairs: inout [UInt64: Bool]) -> Bool {
        if let known = pairs[pair], areExclusive || !known { return true }
        pairs[pair] = areExclusive
        return false
    }

    // MARK: Field maps

    private mutating func number(of selectionSet: Int32, _ facts: borrowing Facts) -> Int {
        if let number = mapNumbers[selectionSet] { return number }
        var map = FieldMap()
        var isSpread: Set<Int32> = []
        var node = Int(selectionSet) + 1
        let end = Int(facts.nodes[Int(selectionSet)].next)
        while node < end, !isExhausted {
            remainingSteps -= 1
            if remainingSteps < 0 { isExhausted = true }
            let next = Int(facts.nodes[node].next)
            switch facts.nodes[node].kind {
            case .field:
                let position = facts.positions[node]
                let key = facts.fields[Int(position)].key
                if map.fields[key] == nil { map.keys.append(key) }
                map.fields[key, default: []].append(position)
                node = next
            case .fragmentSpread:
                let fragment = facts.spreads[Int(facts.positions[node])].fragment
                if fragment >= 0, isSpread.insert(fragment).inserted { map.fragments.append(fragment) }
                node = next
            case .inlineFragment, .selectionSet: node += 1
            default: node = next
            }
        }
        maps.append(map)
        mapNumbers[selectionSet] = maps.count - 1
        return maps.count - 1
    }
}
