internal import Data
internal import PostgresClient

/// Three teams in which every role is held.
struct SampleTeams: SamplePart {
    private struct Team {
        let slug: String
        let name: String
        let description: String
        let owner: String
        let members: [(username: String, role: String)]
    }

    private static let teams = [
        Team(
            slug: "northlight",
            name: "Northlight Studio",
            description: "Exhibitions of light and sound, from the first sketch to the last cable.",
            owner: "tomas",
            members: [("elif", "ADMIN"), ("peter", "BILLING"), ("noor", "MEMBER"), ("chloe", "GUEST")]
        ),
        Team(
            slug: "harbour-robotics",
            name: "Harbour Robotics",
            description: "Boats without crews, for harbours with plenty of traffic.",
            owner: "samuel",
            members: [("peter", "BILLING"), ("aiko", "MEMBER"), ("lucas", "MEMBER")]
        ),
        Team(
            slug: "open-library",
            name: "Open Library",
            description: "Evening lessons and borrowed books, open to everybody.",
            owner: "mara",
            members: [("jonas", "ADMIN"), ("priya", "MEMBER"), ("hannah", "MEMBER"), ("aiko", "GUEST")]
        ),
    ]

    func add(to world: SampleWorld, in transaction: Transaction) async throws {
        for team in SampleTeams.teams {
            let owner = world.user(team.owner)
            let new = NewTeam(
                id: world.id("team/" + team.slug),
                name: team.name,
                slug: team.slug,
                description: team.description,
                ownerID: owner
            )
            // What was changed since is left as it is.
            guard try await transaction.insert(new) else { continue }
            let members = [(username: team.owner, role: "OWNER")] + team.members
            try await transaction.insertTeamMembers(
                members.map { member in
                    NewTeamMember(
                        id: world.id("team/\(team.slug)/\(member.username)"),
                        userID: world.user(member.username),
                        role: member.role,
                        invitedBy: member.role == "OWNER" ? nil : owner
                    )
                },
                of: new.id
            )
        }
    }
}
