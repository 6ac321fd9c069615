package drift

import "strings"

// runtimeEnvironment are variables that what Mastodon runs on reads: exact names, and prefixes that end in *. Sources are the
// documentation of libpq, Node.js, Ruby, Bundler, Puma, glibc, jemalloc, OpenSSL, OpenTelemetry, the AWS SDK, ImageMagick, libvips
// and FFmpeg.
var runtimeEnvironment = []string{
	"PG*", "NODE_*", "NPM_*", "npm_*", "YARN_*", "COREPACK_*", "UV_THREADPOOL_SIZE", "NO_COLOR", "FORCE_COLOR",
	"TZ", "TZDIR", "LANG", "LANGUAGE", "LC_*", "HOME", "PATH", "USER", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP", "HOSTNAME", "PWD", "EDITOR", "DEBUG", "DEBIAN_FRONTEND",
	"MALLOC_*", "MALLOC_CONF", "JE_MALLOC_CONF", "LD_PRELOAD", "LD_LIBRARY_PATH", "GLIBC_TUNABLES", "OMP_NUM_THREADS",
	"RUBY*", "GEM_*", "BUNDLE_*", "BUNDLER_*", "IRBRC", "FREEDESKTOP_MIME_TYPES_PATH",
	"http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_*", "SSLKEYLOGFILE",
	"OTEL_*", "AWS_*", "MAGICK_*", "VIPS_*", "G_MESSAGES_DEBUG", "FONTCONFIG_*", "XDG_*",
	"KUBERNETES_*", "POD_*", "GOMEMLIMIT", "GOMAXPROCS", "container",
}

// railsEnvironment are variables that Rails' own gems read (railties, activerecord, activesupport, rack, puma, sidekiq, pghero, excon). Not those
// that only an application's settings would read, like RAILS_LOG_TO_STDOUT.
var railsEnvironment = []string{
	"RAILS_ENV", "RACK_ENV", "SECRET_KEY_BASE", "SECRET_KEY_BASE_DUMMY", "DATABASE_URL", "PRIMARY_DATABASE_URL", "REPLICA_DATABASE_URL", "SCHEMA", "VERSION", "VERBOSE",
	"RAILS_MASTER_KEY", "RAILS_CACHE_ID", "RAILS_APP_VERSION", "RAILS_RELATIVE_URL_ROOT", "RAILS_DEVELOPMENT_HOSTS", "DISABLE_DATABASE_ENVIRONMENT_CHECK", "DISABLE_SPRING",
	"PUMA_*", "RAILS_MAX_THREADS", "RAILS_MIN_THREADS", "PGHERO_*", "EXCON_*", "PIDFILE", "BOOTSNAP_*", "SKIP_POST_DEPLOYMENT_MIGRATIONS", "DISABLE_BOOTSNAP", "APP_ENV", "REDIS_PROVIDER", "MALLOC_ARENA_MAX", "I18N_*",
}

// others tells that something besides Mastodon's own code reads a variable.
func others(name string, ruby bool) bool {
	return among(runtimeEnvironment, name) || ruby && among(railsEnvironment, name)
}

func among(patterns []string, name string) bool {
	for _, p := range patterns {
		if prefix, glob := strings.CutSuffix(p, "*"); p == name || glob && strings.HasPrefix(name, prefix) {
			return true
		}
	}

	return false
}

// libpq are the variables of libpq that people mistake others for.
var libpq = []string{"PGSSLROOTCERT", "PGSSLMODE", "PGSSLCERT", "PGSSLKEY", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGPASSFILE", "PGCONNECT_TIMEOUT", "PGAPPNAME", "PGOPTIONS"}
