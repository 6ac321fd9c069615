package config

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/version"
)

// applicationPattern is what fits into a branch name, a file name and a label alike.
const applicationPattern = `^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`

func applicationName() shape[string] {
	return matching("application name", applicationPattern, "write letters, digits, dashes and single dots, at most 63").refused(func(s string) error {
		if strings.Contains(s, "..") || strings.HasSuffix(s, ".lock") {
			return wrong("git allows neither .. nor .lock at the end in a branch name", "%s can't be part of a branch name", quote(s))
		}
		return nil
	})
}

// refused adds what a pattern can't say.
func (s shape[T]) refused(rule func(T) error) shape[T] {
	return shape[T]{schema: s.schema, decode: func(d *decoder, at place, into *T) {
		var v T
		before := len(d.errs)
		if s.decode(d, at, &v); len(d.errs) > before || d.full {
			return
		}
		if err := rule(v); err != nil {
			d.failWith(at, err)
			return
		}
		*into = v
	}}
}

// insidePattern refuses what would leave the repository in its first element; the rest is for the parser.
const insidePattern = `^[^/\\][^\\]*$`

// inside is a path in the repository.
func inside() shape[string] {
	return matching("path in the repository", insidePattern, "write it from the repository's top folder, with /").refused(func(s string) error {
		if clean := path.Clean(s); clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(s, "\n") {
			return wrong("", "%s leads out of the repository", quote(s))
		}
		return nil
	})
}

// folder is a path in the repository in its shortest form.
func folder() shape[string] {
	s := inside()
	return shape[string]{schema: s.schema, decode: func(d *decoder, at place, into *string) {
		var v string
		if s.decode(d, at, &v); v != "" {
			*into = path.Clean(v)
		}
	}}
}

// glob is a pattern of paths in the repository; ** crosses folders.
func glob() shape[string] {
	s := inside().refused(func(s string) error {
		for element := range strings.SplitSeq(s, "/") {
			if _, err := path.Match(element, ""); err != nil {
				return wrong("a [ needs its ]", "%s is not a glob", quote(s))
			}
			if strings.Contains(element, "**") && element != "**" {
				return wrong("write **/ or /** around folders", "%s has a ** that is not a whole folder", quote(s))
			}
		}
		return nil
	})
	s.schema.kind = "glob"
	return s
}

// imageName is a repository in a registry, without tag and digest.
func imageName() shape[string] {
	const pattern = `^[a-zA-Z0-9.-]+(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$`
	return matching("image name", pattern, "write it with its registry and without tag or digest: ghcr.io/glitch-soc/mastodon")
}

// tagSuffix is what a fork puts behind each tag.
func tagSuffix() shape[string] {
	return matching("tag suffix", `^[A-Za-z0-9._-]{0,63}$`, "write what stands behind the version in each tag, -custom for v4.4.3-custom")
}

// webAddress is an https URL without credentials. Loopback may do without TLS where the operator decides.
func webAddress(loopback bool) shape[string] {
	pattern := `^https://[^\s@?#]+$`
	if loopback {
		pattern = `^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])[^\s@?#]+$`
	}
	re := regexp.MustCompile(pattern)
	return text("https URL", func(s string) (string, error) {
		u, err := url.Parse(s)
		// A URL that is refused may hold a password: it is not shown.
		if err != nil || u.Host == "" || !re.MatchString(s) {
			return "", wrong("write https://host/path, without a user, a query or a fragment", "is not an https URL that can be used here")
		}
		return s, nil
	}).constrained(func(s *Schema) { s.Pattern = pattern })
}

func platform() shape[string] {
	return matching("platform", `^[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9.]+)?$`, "write os/architecture: linux/amd64, linux/arm64")
}

// fixedVersion is a version that names one build for ever.
func fixedVersion() shape[version.Version] {
	s := text("version", func(s string) (version.Version, error) {
		v := version.Parse(s)
		if !v.Fixed() {
			return v, wrong("write v4.5.3 or nightly.2026-01-02", "%s is not a complete version", quote(s))
		}
		return v, nil
	})
	s.schema.Examples = []string{"v4.5.3"}
	return s
}

func versionRange() shape[version.Range] {
	s := text("range of versions", func(s string) (version.Range, error) {
		r, err := version.ParseRange(s)
		if err != nil {
			return r, wrong(`write "<4.7.0", ">=4.4.0 <4.7.0" or "4.4.x"`, "%s is not a range of versions", quote(s))
		}
		return r, nil
	})
	s.schema.Examples = []string{"<4.7.0", ">=4.4.0 <4.7.0", "4.4.x"}
	return s
}

func label() shape[string] {
	return matching("label", `^[^\s,][^,]{0,49}$`, "GitHub's labels have at most 50 characters and no comma")
}

// account is a user, or a team with its organisation, on GitHub.
func account(teams bool) shape[string] {
	if teams {
		return matching("user or team", `^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:/[A-Za-z0-9._-]{1,100})?$`, "write name, or organisation/team, without @")
	}
	return matching("user", `^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`, "write the user's name, without @")
}

// branch is a name that git takes for a branch.
func branch() shape[string] {
	return matching("branch", `^[^\s~^:?*\[\\/.-][^\s~^:?*\[\\]{0,243}$`, "write it as git shows it, without refs/heads/").refused(func(s string) error {
		bad := strings.Contains(s, "..") || strings.Contains(s, "//") || strings.Contains(s, "@{") || strings.HasSuffix(s, "/") ||
			slices.ContainsFunc(strings.Split(s, "/"), func(e string) bool {
				return strings.HasPrefix(e, ".") || strings.HasSuffix(e, ".lock") || strings.HasSuffix(e, ".")
			})
		if bad || strings.HasPrefix(s, "refs/") {
			return wrong("write it as git shows it, without refs/heads/", "%s is not a branch", quote(s))
		}
		return nil
	})
}
