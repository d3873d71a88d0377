import PostgresClient

struct UserRow: PostgresRow {
    let number: Int32
    let name: String
    let email: String

    var id: UserID { UserID(rawValue: "\(number)") }

    init(from row: inout RowReader) throws {
        number = try row.next()
        name = try row.next()
        email = try row.next()
    }

    static let byNumbers = Statement<UserRow, [Int32]>("SELECT id, name, email FROM users WHERE id = ANY ($1)")
    static let byNumber = Statement<UserRow, Int32>("SELECT id, name, email FROM users WHERE id = $1")
    static let first = Statement<UserRow, Int32>("SELECT id, name, email FROM users ORDER BY id LIMIT $1")
}

struct PostRow: PostgresRow {
    let number: Int32
    let authorNumber: Int32
    let title: String
    let body: String

    var id: PostID { PostID(rawValue: "\(number)") }

    init(from row: inout RowReader) throws {
        number = try row.next()
        authorNumber = try row.next()
        title = try row.next()
        body = try row.next()
    }

    static let first = Statement<PostRow, Int32>(
        "SELECT id, author_id, title, body FROM posts ORDER BY id LIMIT $1"
    )
    static let ofAuthors = Statement<PostRow, [Int32], Int32>(
        """
        SELECT p.id, p.author_id, p.title, p.body FROM unnest($1) u (id) CROSS JOIN LATERAL \
        (SELECT * FROM posts WHERE author_id = u.id ORDER BY id LIMIT $2) p ORDER BY p.author_id, p.id
        """
    )
}

struct CommentRow: PostgresRow {
    let number: Int32
    let postNumber: Int32
    let authorNumber: Int32
    let body: String

    var id: CommentID { CommentID(rawValue: "\(number)") }

    init(from row: inout RowReader) throws {
        number = try row.next()
        postNumber = try row.next()
        authorNumber = try row.next()
        body = try row.next()
    }

    static let ofPosts = Statement<CommentRow, [Int32], Int32>(
        """
        SELECT c.id, c.post_id, c.author_id, c.body FROM unnest($1) p (id) CROSS JOIN LATERAL \
        (SELECT * FROM comments WHERE post_id = p.id ORDER BY id LIMIT $2) c ORDER BY c.post_id, c.id
        """
    )
    static let insert = Statement<CommentRow, Int32, Int32, String>(
        "INSERT INTO comments (post_id, author_id, body) VALUES ($1, $2, $3) RETURNING id, post_id, author_id, body"
    )
}
