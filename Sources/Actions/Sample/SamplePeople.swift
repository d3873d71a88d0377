extension SampleWorld {
    package static let standard = SampleWorld(people: [
        SamplePerson(
            "mara",
            "Mara Lindqvist",
            ["SUPER_ADMIN"],
            zone: "Europe/Stockholm",
            "Runs the platform",
            "Keeps the lights on, and the list of what to do when they go out."
        ),
        SamplePerson(
            "jonas",
            "Jonas Adeyemi",
            ["SUPPORT"],
            zone: "Africa/Lagos",
            "Support",
            "Answers within the hour, mostly."
        ),
        SamplePerson(
            "priya",
            "Priya Raman",
            ["MODERATOR"],
            zone: "Asia/Kolkata",
            "Community",
            "Reads everything once, and what was reported twice."
        ),
        SamplePerson(
            "tomas",
            "Tomáš Novák",
            zone: "Europe/Prague",
            "Founder of Northlight Studio",
            "Builds exhibitions that people may touch."
        ),
        SamplePerson(
            "elif",
            "Elif Yılmaz",
            zone: "Europe/Istanbul",
            "Producer at Northlight Studio",
            "Makes plans, then makes them work."
        ),
        SamplePerson(
            "noor",
            "Noor Haddad",
            zone: "Asia/Amman",
            "Interaction designer",
            "Draws with light, writes shaders, mends lamps."
        ),
        SamplePerson(
            "peter",
            "Peter van Dijk",
            zone: "Europe/Amsterdam",
            "Book-keeper",
            "Knows where the receipts are."
        ),
        SamplePerson(
            "samuel",
            "Samuel Okafor",
            ["RECRUITER"],
            zone: "Europe/London",
            "Hiring at Harbour Robotics",
            "Looks for people who take things apart."
        ),
        SamplePerson(
            "hannah",
            "Hannah Weiss",
            ["TUTOR"],
            zone: "Europe/Berlin",
            "Teaches mathematics",
            "Fifteen years of explaining the chain rule."
        ),
        SamplePerson(
            "aiko",
            "Aiko Tanaka",
            ["STUDENT"],
            zone: "Asia/Tokyo",
            "Studies mechatronics",
            "Third year; builds boats that steer themselves."
        ),
        SamplePerson(
            "lucas",
            "Lucas Ferreira",
            ["STUDENT"],
            zone: "America/Sao_Paulo",
            "Studies statistics",
            "Counts birds on Sundays."
        ),
        SamplePerson(
            "chloe",
            "Chloé Martin",
            zone: "Europe/Paris",
            "Curator",
            "Between two museums, usually on a train."
        ),
    ])
}
