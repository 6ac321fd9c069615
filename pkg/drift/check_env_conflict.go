package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
	"github.com/goingdark-social/bot/pkg/severity"
	"github.com/goingdark-social/bot/pkg/upstream/facts"
)

func envConflict() Check {
	return Check{
		ID: "env-conflict", Severity: severity.Error, Title: "variables that contradict each other",
		Doc: `Implicit TLS together with STARTTLS, search that is on without a host or with a port in the host, verified TLS to the database
without a CA that the process can read, prepared statements behind a transaction pooler: each of these fails at run time. A variable
that another one shadows does nothing (warning), and some abort the start when set at all. Streaming verifies certificates with
Node's CAs under every DB_SSLMODE but disable and no-verify; whether a public CA vouches for a server outside the tree is not known,
so that is info.`,
		find: findConflicts,
	}
}

// conflicts are judged a container at a time; those with one message and place are one finding.
func findConflicts(in *Input) []Finding {
	var out []Finding

	for _, c := range in.containers {
		var found []Finding
		if c.ruby() {
			found = slices.Concat(c.mail(), c.search(), in.statements(c))
		}

		found = slices.Concat(found, in.certificates(c), in.aborts(c))

		for _, f := range found {
			f.Components = []string{string(c.component)}
			out = append(out, f)
		}
	}

	return append(out, in.shadowed()...)
}

// mail finds implicit TLS together with STARTTLS, which the mail library refuses to do both.
func (c *container) mail() []Finding {
	var out []Finding

	for _, prefix := range []string{"", "BULK_"} {
		tls := prefix + "SMTP_SSL"
		if !c.on(tls) {
			tls = prefix + "SMTP_TLS"
		}

		if !c.on(tls) {
			continue
		}

		name := prefix + "SMTP_ENABLE_STARTTLS"
		level := severity.Error

		if v := c.get(name); v != "always" && v != "auto" {
			name = prefix + "SMTP_ENABLE_STARTTLS_AUTO"
			level = severity.Warning

			if _, decided := c.env[prefix+"SMTP_ENABLE_STARTTLS"]; decided || !c.on(name) {
				continue
			}
		}

		out = append(out, Finding{
			Severity: level, Place: c.env[name].place, Name: name, Related: []Place{c.env[tls].place},
			Message:  fmt.Sprintf("%s=%s contradicts %s=true: a connection is either TLS from the start or upgraded by STARTTLS", name, c.get(name), tls),
			Expected: prefix + "SMTP_ENABLE_STARTTLS=never", Actual: name + "=" + c.get(name),
			Fix: "Set " + prefix + "SMTP_ENABLE_STARTTLS=never for port 465, or drop " + tls + " for port 587.",
		})
	}

	return out
}

// search finds Elasticsearch on without a host, and hosts that carry a port: the code appends ES_PORT, or 9200, to whatever is there.
func (c *container) search() []Finding {
	if !c.on("ES_ENABLED") {
		return nil
	}

	host, set := c.env["ES_HOST"]

	switch {
	case !set && len(c.opaque) == 0:
		return []Finding{{
			Severity: severity.Warning, Place: c.shouldHold([]string{"ES_ENABLED"}).first(), Name: "ES_HOST", Related: []Place{c.env["ES_ENABLED"].place},
			Message:  "ES_ENABLED is on without ES_HOST, so it looks for Elasticsearch on localhost",
			Expected: "ES_HOST", Fix: "Set ES_HOST, or switch ES_ENABLED off.",
		}}
	case set && host.known && hasPort(host.value):
		port := c.env["ES_PORT"]

		return []Finding{{
			Place: host.place, Name: "ES_HOST", Related: []Place{port.place},
			Message:  fmt.Sprintf("ES_HOST carries a port, and %s is appended to it", or(port.value, "9200")),
			Expected: strings.TrimSuffix(host.value, portOf(host.value)), Actual: host.value, Fix: "Give the host alone; the port has its own variable, ES_PORT.",
		}}
	}

	return nil
}

func hasPort(host string) bool { return portOf(host) != "" }

// portOf is a host's port with its colon: of a name, of an address with a scheme, of an IPv6 address in brackets.
func portOf(host string) string {
	rest := host[strings.LastIndexByte(host, ']')+1:]
	if _, after, ok := strings.Cut(rest, "://"); ok {
		rest = after
	}

	at := strings.LastIndexByte(rest, ':')
	if at < 0 || strings.Count(rest, ":") > 1 {
		return ""
	}

	if _, ok := number(strings.TrimRight(rest[at+1:], "/")); !ok {
		return ""
	}

	return rest[at:]
}

// statements finds prepared statements behind a pooler that gives each transaction another session.
func (in *Input) statements(c *container) []Finding {
	if c.component == inventory.Migrate {
		return nil // must not go through the pooler at all: migrate-through-pooler
	}

	var out []Finding

	host, port, _, known := c.databaseOf()
	if known {
		out = append(out, in.prepared(c, host, port, "PREPARED_STATEMENTS")...)
	}

	if replica := c.env["REPLICA_DB_HOST"]; replica.known && replica.value != "" {
		name := "REPLICA_PREPARED_STATEMENTS"
		if _, set := c.env[name]; !set {
			name = "PREPARED_STATEMENTS" // which it falls back to
		}

		if replica.value != host {
			out = append(out, in.prepared(c, replica.value, or(c.get("REPLICA_DB_PORT"), port), name)...)
		}
	}

	return out
}

func (in *Input) prepared(c *container, host, port, name string) []Finding {
	v, set := c.env[name]
	if v.value == "false" || set && !v.known || !set && len(c.opaque) > 0 {
		return nil
	}

	s := in.serverAt(host, port, c.object)
	if s.pooler == nil || s.mode != "transaction" && s.mode != "statement" || s.tracksStatements() {
		return nil
	}

	f := Finding{
		Place: v.place, Name: name, Related: []Place{s.pooler.first(), c.object.first()},
		Message:  fmt.Sprintf("prepared statements are on behind %s, a pooler in %s mode", host, s.mode),
		Expected: name + "=false", Actual: name + "=" + v.value, Fix: "Set " + name + "=false.",
	}

	if !set {
		f.Place, f.Actual = c.shouldHold([]string{"DB_HOST", "REPLICA_DB_HOST"}).first(), "not set, which means on"
	}

	return []Finding{f}
}

// shadowing are variables that are not read once another one is set.
var shadowing = []struct {
	by     string
	shadow []string
	ruby   bool // for streaming too when false
}{
	{"REDIS_URL", []string{"REDIS_HOST", "REDIS_PORT", "REDIS_DB", "REDIS_USER", "REDIS_PASSWORD", "REDIS_SENTINELS", "REDIS_SENTINEL_MASTER"}, false},
	{"SIDEKIQ_REDIS_URL", []string{"SIDEKIQ_REDIS_HOST", "SIDEKIQ_REDIS_PORT", "SIDEKIQ_REDIS_DB", "SIDEKIQ_REDIS_USER", "SIDEKIQ_REDIS_PASSWORD"}, true},
	{"CACHE_REDIS_URL", []string{"CACHE_REDIS_HOST", "CACHE_REDIS_PORT", "CACHE_REDIS_DB", "CACHE_REDIS_USER", "CACHE_REDIS_PASSWORD"}, true},
	{"DATABASE_URL", []string{"DB_HOST", "DB_PORT", "DB_NAME", "DB_USER"}, false},
	{"S3_ALIAS_HOST", []string{"S3_CLOUDFRONT_HOST"}, true},
}

// shadowed finds variables that are shadowed in every container that receives them: where one lacks what shadows them, they count.
func (in *Input) shadowed() []Finding {
	type setting struct {
		name string
		at   Place
	}

	counts := map[setting]bool{}
	found := map[string]*Finding{}

	var order []string

	for _, pass := range []bool{false, true} {
		for _, c := range in.containers {
			for _, s := range shadowing {
				by, on := c.env[s.by]
				on = on && !c.absent(s.by) && (!s.ruby || c.ruby())

				if s.by == "DATABASE_URL" && c.maybe("REPLICA_DB_NAME") {
					on = false // the replica falls back to DB_*
				}

				for _, name := range s.shadow {
					v, set := c.env[name]
					at := setting{name, v.place}

					switch {
					case !set:
					case !pass && !on:
						counts[at] = true
					case pass && on && !counts[at]:
						key := s.by + by.place.File + v.place.File
						if found[key] == nil {
							found[key] = &Finding{Severity: severity.Warning, Place: v.place, Name: name, Expected: s.by + " alone"}
							order = append(order, key)
						}

						found[key].shadow(name, s.by, v.place, by.place, string(c.component))
					}
				}
			}
		}
	}

	var out []Finding
	for _, key := range order {
		out = append(out, *found[key])
	}

	return out
}

// shadow adds one more variable to a finding.
func (f *Finding) shadow(name, by string, at, byAt Place, component string) {
	names := strings.Fields(strings.ReplaceAll(f.Actual, ",", " "))
	if !slices.Contains(names, name) {
		names = append(names, name)
	}

	f.Actual = strings.Join(names, ", ")
	f.Message = fmt.Sprintf("%s set beside %s, which is read instead", verb(names), by)
	f.Fix = "Remove " + list(names) + ", or " + by + "."
	f.Components = append(f.Components, component)
	f.Related = append(f.Related, at, byAt)
}

func verb(names []string) string {
	if len(names) == 1 {
		return names[0] + " is"
	}

	return list(names) + " are"
}

// aborts finds what stops the start when it is set at all.
func (in *Input) aborts(c *container) []Finding {
	if in.Facts == nil {
		return nil
	}

	var out []Finding

	for name, v := range c.env {
		known := in.Facts.Variable(name)
		if known == nil || known.Aborts != facts.AbortSet || !in.reads(c, name) {
			continue
		}

		out = append(out, Finding{
			Place: v.place, Name: name, Message: fmt.Sprintf("%s does not start while %s is set", in.Facts.Version, name),
			Expected: "not set", Actual: name, Fix: "Remove it.",
		})
	}

	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Name, b.Name) })

	return out
}
