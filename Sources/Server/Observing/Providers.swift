import Actions
import FileStore
import IdentityProviders
import Mail

extension Configuration {
    /// The servers that this one has been told to use, for those who ask how it is.
    var providers: [HealthCheckup.Provider] {
        var providers: [HealthCheckup.Provider] = []
        switch mail.way {
        case .off, .file: break
        case .smtp(let options): providers.append(HealthCheckup.Provider("mail", options.url))
        case .sendGrid(_, let base): providers.append(HealthCheckup.Provider("mail", base))
        }
        if let bucket { providers.append(HealthCheckup.Provider("bucket", bucket.base)) }
        if let google = oauth.google { providers.append(HealthCheckup.Provider("sign-in by google", google.issuer)) }
        if let github = oauth.github { providers.append(HealthCheckup.Provider("sign-in by github", github.api)) }
        if let errors { providers.append(HealthCheckup.Provider("errors", errors.dsn.endpoint)) }
        if let tracing { providers.append(HealthCheckup.Provider("traces", tracing.endpoint)) }
        return providers
    }
}
