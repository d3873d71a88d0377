import GraphQLLanguage
import GraphQLSchema

/// Finds out whether any two fields of a document conflict, without comparing all pairs of them.
///
/// All selections that answer into one object form a level. Within a level, fields with the same response key must have
/// the same shape, which is an equivalence: comparing each with one of them is enough. Those that can be answered
/// together (not on two different object types) must also be the same field with the same arguments; so those on
/// abstract types are compared with all, those on an object type with each other. The selections of such a group are
/// a level of their own, and no set of selection sets is looked at twice. The idea is Simon Adameit's.
///
/// https://spec.graphql.org/September2025/#sec-Field-Selection-Merging
struct ConflictDetector {
    enum Answer { case none, conflict, unknown }

    private struct Level: Hashable {
        let selectionSets: [Int32]
        /// Whether only shapes are compared, because the fields above are on different object types.
        let isShapeOnly: Bool

        /// All numbers at once: an array hashes them one by one.
        func hash(into hasher: inout Hasher) {
            selectionSets.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine(isShapeOnly)
        }
    }

    private var remainingSteps: Int
    private var hasConflict = false
    private var arguments = ArgumentClasses()

    private var levels: [Level] = []
    private var knownLevels: Set<Level> = []

    // The level that is looked at: its number, and by name or fragment the last level each was seen in.
    private var number: Int32 = 0
    private var lastLevel: [Int32]
    private var firstField: [Int32]
    private var lastLevelOfFragment: [Int32]
    private var isChecked: [Bool]
    private var pendingFragments: [Int32] = []
    private var fields: [Int32] = []
    private var needsGroups = false
    private var grouped: [Int32] = []
    /// Where in `grouped` each key's fields end.
    private var groupEnds: [Int32] = []

    init(_ facts: borrowing Facts, maxSteps: Int) {
        remainingSteps = maxSteps
        lastLevel = Array(repeating: 0, count: facts.names.count)
        firstField = lastLevel
        lastLevelOfFragment = Array(repeating: 0, count: facts.fragments.count)
        isChecked = Array(repeating: false, count: facts.fragments.count)
    }

    mutating func detect(_ facts: borrowing Facts) -> Answer {
        // Selections of inline fragments belong to the level around them, those of fragments to where they are spread.
        for set in facts.selectionSets where set.owner == .field || set.owner == .operationDefinition {
            check(facts.onlyFragment(in: set.node), else: set.node, facts)
            if hasConflict || remainingSteps < 0 { return hasConflict ? .conflict : .unknown }
        }
        for (position, fragment) in facts.fragments.enumerated() where lastLevelOfFragment[position] == 0 {
            check(fragment.selectionSet, facts)
            if hasConflict || remainingSteps < 0 { return hasConflict ? .conflict : .unknown }
        }
        return .none
    }

    /// Selections that are nothing but the spread of a fragment are checked once for all its spreads.
    private mutating func check(_ fragment: Int32, else selectionSet: Int32, _ facts: borrowing Facts) {
        guard fragment >= 0 else { return check(selectionSet, facts) }
        if isChecked[Int(fragment)] { return }
        isChecked[Int(fragment)] = true
        check(selectionSet, facts)
    }

    private mutating func check(_ selectionSet: Int32, _ facts: borrowing Facts) {
        beginLevel()
        collect(selectionSet, facts)
        collectFragments(facts)
        if needsGroups { checkGroups(isShapeOnly: false, facts) }
        while !hasConflict, remainingSteps >= 0, let level = levels.popLast() {
            beginLevel()
            for set in level.selectionSets { collect(set, facts) }
            collectFragments(facts)
            if needsGroups { checkGroups(isShapeOnly: level.isShapeOnly, facts) }
        }
    }

    private mutating func beginLevel() {
        number += 1
        fields.removeAll(keepingCapacity: true)
        needsGroups = false
    }

    private mutating func collectFragments(_ facts: borrowing Facts) {
        while remainingSteps >= 0, let fragment = pendingFragments.popLast() {
            collect(facts.fragments[Int(fragment)].selectionSet, facts)
        }
    }

    private mutating func collect(_ selectionSet: Int32, _ facts: borrowing Facts) {
        var node = Int(selectionSet) + 1
        let end = Int(facts.nodes[Int(selectionSet)].next)
        while node < end {
            switch facts.nodes[node].kind {
            case .field:
                add(facts.positions[node], facts)
                node = Int(facts.nodes[node].next)
            case .fragmentSpread:
                let fragment = facts.spreads[Int(facts.positions[node])].fragment
                remainingSteps -= 1
                if fragment >= 0, lastLevelOfFragment[Int(fragment)] != number {
                    lastLevelOfFragment[Int(fragment)] = number
                    pendingFragments.append(fragment)
                }
                node = Int(facts.nodes[node].next)
            case .inlineFragment, .selectionSet: node += 1
            default: node = Int(facts.nodes[node].next)
            }
        }
    }

    @inline(__always)
    private mutating func add(_ position: Int32, _ facts: borrowing Facts) {
        remainingSteps -= 1
        let field = facts.fields[Int(position)]
        let key = Int(field.key)
        fields.append(position)
        if lastLevel[key] != number {
            lastLevel[key] = number
            firstField[key] = position
        } else if !needsGroups {
            let first = facts.fields[Int(firstField[key])]
            // Most repetitions are the same plain field once more.
            let isSame =
                first.name == field.name && first.definition == field.definition && field.arguments.isEmpty
                && first.arguments.isEmpty && field.selectionSet == 0 && first.selectionSet == 0
            needsGroups = !isSame
        }
    }

    // MARK: Groups

    private mutating func checkGroups(isShapeOnly: Bool, _ facts: borrowing Facts) {
        sortIntoGroups(facts)
        var start = 0
        for end in groupEnds {
            let group = grouped[start..<Int(end)]
            start = Int(end)
            guard group.count > 1 else { continue }
            if haveDifferentShapes(group, facts) {
                hasConflict = true
            } else if isShapeOnly {
                addLevel(of: group, isShapeOnly: true, facts)
            } else {
                checkCommonParents(group, facts)
            }
            if hasConflict { return }
        }
    }

    /// Puts the level's fields with the same key side by side, in the order of the keys' first fields.
    private mutating func sortIntoGroups(_ facts: borrowing Facts) {
        // The list of the level's fields is the number of their groups, in which no key has been seen yet.
        number += 1
        groupEnds.removeAll(keepingCapacity: true)
        for position in fields {
            let key = Int(facts.fields[Int(position)].key)
            if lastLevel[key] != number {
                lastLevel[key] = number
                firstField[key] = Int32(truncatingIfNeeded: groupEnds.count)
                groupEnds.append(0)
            }
            groupEnds[Int(firstField[key])] += 1
        }
        // From how many there are to where they begin; filling a group moves that on to its end.
        var start: Int32 = 0
        for group in groupEnds.indices {
            let count = groupEnds[group]
            groupEnds[group] = start
            start += count
        }
        grouped.removeAll(keepingCapacity: true)
        grouped.append(contentsOf: repeatElement(0, count: fields.count))
        for position in fields {
            let group = Int(firstField[Int(facts.fields[Int(position)].key)])
            grouped[Int(groupEnds[group])] = position
            groupEnds[group] += 1
        }
    }

    private func haveDifferentShapes(_ group: ArraySlice<Int32>, _ facts: borrowing Facts) -> Bool {
        var known = TypeReference.unknown
        for position in group {
            let type = facts.mergedType(of: facts.fields[Int(position)])
            if facts.haveDifferentShapes(known, type) { return true }
            if type.isKnown { known = type }
        }
        return false
    }

    private mutating func checkCommonParents(_ group: ArraySlice<Int32>, _ facts: borrowing Facts) {
        if haveOneParent(group, facts) { return checkFields(ofOneType: group, facts) }
        var abstract: [Int32] = []
        var objectTypes: [Int32] = []
        var byObjectType: [Int32: [Int32]] = [:]
        for position in group {
            let field = facts.fields[Int(position)]
            if facts.isOnObject(field) {
                if byObjectType[field.parent] == nil { objectTypes.append(field.parent) }
                byObjectType[field.parent, default: []].append(position)
            } else {
                abstract.append(position)
            }
        }
        if let first = abstract.first {
            for position in group where !areSame(first, position, facts) {
                hasConflict = true
                return
            }
        }
        for type in objectTypes {
            guard let fields = byObjectType[type] else { continue }
            for position in fields where !areSame(fields[0], position, facts) {
                hasConflict = true
                return
            }
        }
        guard objectTypes.count > 1 else { return addLevel(of: group, isShapeOnly: false, facts) }
        addLevel(of: group, isShapeOnly: true, facts)
        for type in objectTypes {
            addLevel(of: (abstract + (byObjectType[type] ?? []))[...], isShapeOnly: false, facts)
        }
    }

    private func haveOneParent(_ group: ArraySlice<Int32>, _ facts: borrowing Facts) -> Bool {
        let parent = facts.fields[Int(group[group.startIndex])].parent
        for position in group where facts.fields[Int(position)].parent != parent { return false }
        return true
    }

    /// Fields on one type, as nearly all groups are, can be answered together whatever the type is.
    private mutating func checkFields(ofOneType group: ArraySlice<Int32>, _ facts: borrowing Facts) {
        for position in group where !areSame(group[group.startIndex], position, facts) {
            hasConflict = true
            return
        }
        addLevel(of: group, isShapeOnly: false, facts)
    }

    private mutating func areSame(_ left: Int32, _ right: Int32, _ facts: borrowing Facts) -> Bool {
        guard left != right else { return true }
        let one = facts.fields[Int(left)]
        let other = facts.fields[Int(right)]
        guard one.name == other.name else { return false }
        if one.arguments.isEmpty, other.arguments.isEmpty { return true }
        // Where an argument is given twice, having the same ones is no equivalence: pairs have to tell.
        if facts.hasRepeatedName(one.arguments) || facts.hasRepeatedName(other.arguments) { return false }
        return arguments.areSame(Int(left), Int(right), facts)
    }

    private mutating func addLevel(of group: ArraySlice<Int32>, isShapeOnly: Bool, _ facts: borrowing Facts) {
        var sets: [Int32] = []
        for position in group where facts.fields[Int(position)].selectionSet != 0 {
            sets.append(facts.fields[Int(position)].selectionSet)
        }
        guard sets.count > 1 else { return }
        remainingSteps -= sets.count
        sets.sort()
        if isShapeOnly, knownLevels.contains(Level(selectionSets: sets, isShapeOnly: false)) { return }
        let level = Level(selectionSets: sets, isShapeOnly: isShapeOnly)
        if knownLevels.insert(level).inserted { levels.append(level) }
    }
}

extension Facts {
    /// The fragment whose spread is all that a selection set holds.
    fileprivate func onlyFragment(in selectionSet: Int32) -> Int32 {
        let first = Int(selectionSet) + 1
        guard nodes[first].kind == .fragmentSpread, nodes[first].next == nodes[Int(selectionSet)].next else {
            return -1
        }
        return spreads[Int(positions[first])].fragment
    }
}
