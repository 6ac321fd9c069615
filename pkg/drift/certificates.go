package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goingdark-social/bot/internal/node"
	"github.com/goingdark-social/bot/pkg/severity"
)

// certificates finds verified TLS to the database without a CA that the process can read.
func (in *Input) certificates(c *container) []Finding {
	mode := c.env["DB_SSLMODE"]
	if !mode.known || !c.absent("DATABASE_URL") {
		return nil // an address brings its own parameters
	}

	if c.ruby() {
		return c.libpqCA(mode)
	}

	return in.nodeCA(c, mode)
}

// libpqCA judges Rails: libpq refuses verify-ca and verify-full when the file of CAs is not there, whoever signed the server's.
func (c *container) libpqCA(mode variable) []Finding {
	if !strings.HasPrefix(mode.value, "verify-") {
		return nil
	}

	file, set := c.env["PGSSLROOTCERT"]

	switch {
	case set && (!file.known || file.value == "system" || c.readable(file.value)):
		return nil
	case set:
		return []Finding{{
			Place: file.place, Name: "DB_SSLMODE", Related: []Place{mode.place, c.object.first()},
			Message:  fmt.Sprintf("DB_SSLMODE=%s needs the CA that PGSSLROOTCERT names, and nothing mounts %s", mode.value, file.value),
			Expected: "a mounted file", Actual: file.value, Fix: "Mount the CA there, or correct the path.",
		}}
	case len(c.opaque) > 0, c.readable("/opt/mastodon/.postgresql/root.crt"):
		return nil
	}

	f := Finding{
		Place: mode.place, Name: "DB_SSLMODE", Related: []Place{c.object.first()},
		Message:  fmt.Sprintf("DB_SSLMODE=%s without a CA for libpq: connections of Rails fail", mode.value),
		Expected: "PGSSLROOTCERT=<file of the CA>", Actual: "no PGSSLROOTCERT", Fix: "Set PGSSLROOTCERT to the file in which the CA is mounted.",
	}

	if wrong, ok := c.env["DB_SSLROOTCERT"]; ok {
		f.Related = append(f.Related, wrong.place)
		f.Actual = "DB_SSLROOTCERT, which nothing reads"
	}

	return []Finding{f}
}

// nodeCA judges streaming, which verifies with Node's CAs whenever TLS is on.
func (in *Input) nodeCA(c *container, mode variable) []Finding {
	if slices.Contains([]string{"", "disable", "no-verify"}, mode.value) || c.get("NODE_TLS_REJECT_UNAUTHORIZED") == "0" {
		return nil
	}

	file, set := c.env["NODE_EXTRA_CA_CERTS"]
	options := c.command + c.get("NODE_OPTIONS")
	elsewhere := strings.Contains(options, "--use-openssl-ca") || strings.Contains(options, "--use-system-ca")

	switch {
	case set && (!file.known || c.readable(file.value)), !set && (elsewhere || len(c.opaque) > 0):
		return nil
	case set:
		return []Finding{{
			Place: file.place, Name: "DB_SSLMODE", Related: []Place{mode.place, c.object.first()},
			Message:  fmt.Sprintf("streaming verifies the database's certificate with NODE_EXTRA_CA_CERTS, and nothing mounts %s", file.value),
			Expected: "a mounted file", Actual: file.value, Fix: "Mount the CA there, or correct the path.",
		}}
	}

	level := severity.Info // a public CA may have signed it

	host, port, _, known := c.databaseOf()
	if s := in.serverAt(host, port, c.object); known && or2(s.pooler, s.database) != nil {
		level = severity.Error // no public CA signs the name of a service in a cluster
	}

	return []Finding{{
		Severity: level, Place: c.object.first(), Name: "NODE_EXTRA_CA_CERTS", Related: []Place{mode.place},
		Message:  fmt.Sprintf("DB_SSLMODE=%s makes streaming verify the database's certificate, with the public CAs alone", mode.value),
		Expected: "NODE_EXTRA_CA_CERTS=<file of the CA>", Actual: "no NODE_EXTRA_CA_CERTS", Fix: "Set NODE_EXTRA_CA_CERTS to the file in which the CA is mounted.",
	}}
}

// readable tells that a file is mounted into the container, or is one of the system's CAs that the images have.
func (c *container) readable(file string) bool {
	if slices.Contains([]string{"/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"}, file) {
		return true
	}

	for _, m := range node.Items(node.Get(c.node, "volumeMounts")) {
		at := strings.TrimSuffix(node.Text(node.Get(m, "mountPath")), "/")
		if at == "" {
			continue
		}

		if single := node.Text(node.Get(m, "subPath")) != ""; file == at || strings.HasPrefix(file, at+"/") && !single {
			return true
		}
	}

	return false
}
