import Actions
import Credentials
import OutboundHTTP

/// How messages reach browsers and apps, and as whom.
struct PushOptions {
    /// Nil for a key that is made of the secret of this machine; in staging and production no pushes are sent then.
    var privateKey: String?
    /// Where the services of browsers' makers find whoever runs this server.
    var contact = "mailto:atrium@localhost"
    /// How long they keep a message for a browser that is away.
    var lifetimeSeconds = 86_400
    /// Whether messages go to addresses of this machine and its network too, and without TLS.
    var goesAnywhere = false
    var sendsToBrowsers = true
    /// The key of an account of Google that sends to apps; nil where none is.
    var firebaseAccount: String?
    /// Where Firebase is asked.
    var firebaseURL = "https://fcm.googleapis.com"

    init() {}

    init(_ settings: inout Settings, isServing: Bool) {
        privateKey = settings.text("VAPID_PRIVATE_KEY")
        sendsToBrowsers = !isServing || privateKey != nil
        if let subject = settings.text("VAPID_SUBJECT") {
            contact = subject
            if !subject.hasPrefix("mailto:"), !subject.hasPrefix("https://") {
                settings.add(problem: "VAPID_SUBJECT must begin with mailto: or https://, not \"\(subject)\"")
            }
        } else if isServing, privateKey != nil {
            settings.add(problem: "VAPID_SUBJECT must be set where pushes are sent, such as mailto:ops@example.org")
        }
        // The key itself is never part of what is reported.
        if let privateKey, PushSender(privateKey: privateKey, contact: contact) == nil {
            settings.add(problem: "VAPID_PRIVATE_KEY must be 32 bytes of Base64URL, a key of the curve P-256")
        }
        firebaseAccount = settings.text("FCM_CREDENTIALS")
        if let firebaseAccount, FirebaseAccount(json: firebaseAccount) == nil {
            settings.add(
                problem: "FCM_CREDENTIALS must be the key of a service account, as the console of Firebase makes it"
            )
        }
        if let url = settings.text("FCM_URL") {
            firebaseURL = url
            if Origin(url)?.text != url {
                settings.add(
                    problem: "FCM_URL must be the origin of a server such as https://fcm.googleapis.com, not \"\(url)\""
                )
            }
        }
        lifetimeSeconds = settings.number("ATRIUM_PUSH_SECONDS", 0...2_419_200, lifetimeSeconds)
        goesAnywhere = settings.isOn("ATRIUM_PUSH_ANYWHERE")
        if isServing, goesAnywhere {
            settings.add(
                problem: "ATRIUM_PUSH_ANYWHERE must be off where people rely on this server: anybody names addresses"
            )
        }
    }
}

extension PushServices {
    /// The services as the configuration wants them; nil where no pushes are sent.
    static func make(_ configuration: Configuration, _ client: OutboundClient) throws -> PushServices? {
        let options = configuration.push
        let firebase = options.firebaseAccount.flatMap(FirebaseAccount.init).map {
            FirebaseSender($0, base: options.firebaseURL, client: client)
        }
        guard options.sendsToBrowsers || firebase != nil else { return nil }
        return PushServices(
            sender: options.sendsToBrowsers ? try sender(configuration) : nil,
            firebase: firebase,
            client: client,
            reach: options.goesAnywhere ? .anywhere : .publicOnly,
            lifetimeSeconds: options.lifetimeSeconds
        )
    }

    private static func sender(_ configuration: Configuration) throws -> PushSender {
        let options = configuration.push
        guard let key = options.privateKey else {
            return PushSender(secret: try SigningSecret.of(configuration), contact: options.contact)
        }
        guard let sender = PushSender(privateKey: key, contact: options.contact) else {
            throw UsageError(text: "VAPID_PRIVATE_KEY is no key")
        }
        return sender
    }
}
