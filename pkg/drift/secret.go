package drift

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/node"
)

// maker is an object that makes a Secret.
type maker struct {
	object *object
	keys   []string
	whole  bool                   // keys are all that it makes
	place  func(key string) Place // of a key
}

func (m maker) at(key string) Place {
	if m.place == nil {
		return m.object.first()
	}

	return m.place(key)
}

// secrets are the objects that make a Secret of that name. What no file of the repository applies makes nothing.
func (in *Input) secrets(name string, user *object) []maker {
	var out []maker

	for _, o := range in.around(user) {
		if m, ok := makes(o, name); ok {
			m.object = o
			out = append(out, m)
		}
	}

	return out
}

// makes tells whether an object makes a Secret of that name, and with which keys.
func makes(o *object, name string) (maker, bool) {
	target := func(steps ...string) string { return node.Text(node.Get(o.node, steps...)) }
	named := func(names ...string) bool { return slices.Contains(names, name) && name != "" }

	switch o.group + "/" + o.kind {
	case "/Secret":
		return maker{keys: keysIn(o.node, "data", "stringData"), whole: true, place: o.keyAt}, named(o.name)
	case "external-secrets.io/ExternalSecret":
		return externalSecret(o), named(or(target("spec", "target", "name"), o.name))
	case "external-secrets.io/ClusterExternalSecret":
		return maker{}, named(or(target("spec", "externalSecretName"), o.name))
	case "bitnami.com/SealedSecret":
		keys := append(keysIn(node.Get(o.node, "spec"), "encryptedData"), keysIn(node.Get(o.node, "spec", "template"), "data")...)

		return maker{keys: keys, whole: true, place: func(key string) Place { return o.at("spec", "encryptedData", key) }},
			named(or(target("spec", "template", "metadata", "name"), o.name))
	case "cert-manager.io/Certificate":
		return certificate(o), named(target("spec", "secretName"))
	case "secrets.hashicorp.com/VaultStaticSecret", "secrets.hashicorp.com/VaultDynamicSecret", "secrets.hashicorp.com/VaultPKISecret":
		return maker{}, named(target("spec", "destination", "name"))
	case "onepassword.com/OnePasswordItem":
		return maker{}, named(o.name)
	case "k8s.bitwarden.com/BitwardenSecret":
		return maker{}, named(target("spec", "secretName"))
	case "secrets.doppler.com/DopplerSecret":
		return maker{}, named(target("spec", "managedSecret", "name"))
	case "secrets.infisical.com/InfisicalSecret":
		return maker{}, named(target("spec", "managedSecretReference", "secretName"))
	case "isindir.github.com/SopsSecret":
		for _, t := range node.Items(node.Get(o.node, "spec", "secretTemplates")) {
			if node.Text(node.Get(t, "name")) == name {
				return maker{keys: keysIn(t, "data", "stringData"), whole: true}, true
			}
		}

		return maker{}, false
	default:
		return operatorSecret(o, name)
	}
}

// externalSecret reads the keys of one; dataFrom makes them unknown, and so does a template that takes them from elsewhere.
func externalSecret(o *object) maker {
	m := maker{whole: node.Get(o.node, "spec", "dataFrom") == nil, place: func(key string) Place {
		return o.at("spec", "data", "[secretKey="+key+"]")
	}}

	template := node.Get(o.node, "spec", "target", "template")
	if node.Get(template, "templateFrom") != nil {
		m.whole = false
	}

	if data := node.Get(template, "data"); data != nil {
		m.keys = keysIn(template, "data")
		m.place = func(key string) Place { return o.at("spec", "target", "template", "data", key) }

		if node.Text(node.Get(template, "mergePolicy")) != "Merge" {
			return m
		}
	}

	for _, item := range node.Items(node.Get(o.node, "spec", "data")) {
		m.keys = append(m.keys, node.Text(node.Get(item, "secretKey")))
	}

	return m
}

// certificate is cert-manager's, which writes the key pair, the CA where the issuer gives one, and keystores when asked.
func certificate(o *object) maker {
	extra := node.Get(o.node, "spec", "keystores") != nil || node.Get(o.node, "spec", "additionalOutputFormats") != nil

	return maker{keys: []string{"tls.crt", "tls.key", "ca.crt"}, whole: !extra}
}

func keysIn(n *yaml.Node, sections ...string) []string {
	var keys []string

	for _, s := range sections {
		node.Pairs(node.Get(n, s), func(key, _ *yaml.Node) { keys = append(keys, key.Value) })
	}

	return keys
}

// operatorSecret knows the Secrets that operators make for their objects.
func operatorSecret(o *object, name string) (maker, bool) {
	for _, known := range operatorSecrets {
		if !o.is(known.group, known.kind) {
			continue
		}

		rest, ok := strings.CutPrefix(name, strings.ReplaceAll(known.prefix, "{name}", o.name))
		if !ok {
			continue
		}

		if middle, ok := strings.CutSuffix(rest, strings.ReplaceAll(known.suffix, "{name}", o.name)); ok && (middle != "") == known.any {
			return maker{keys: known.keys, whole: len(known.keys) > 0}, true
		}
	}

	return maker{}, false
}

var (
	cnpgUser = []string{"username", "user", "password", "dbname", "host", "port", "uri", "jdbc-uri", "fqdn-uri", "fqdn-jdbc-uri", "pgpass"}
	tlsPair  = []string{"tls.crt", "tls.key"}
)

// operatorSecrets are the names and keys as the operators' documentation gives them. No keys: they vary.
var operatorSecrets = []struct {
	group, kind    string
	prefix, suffix string
	any            bool // something stands between them: a user's name
	keys           []string
}{
	{"postgresql.cnpg.io", "Cluster", "{name}-app", "", false, cnpgUser},
	{"postgresql.cnpg.io", "Cluster", "{name}-superuser", "", false, cnpgUser},
	{"postgresql.cnpg.io", "Cluster", "{name}-ca", "", false, []string{"ca.crt", "ca.key"}},
	{"postgresql.cnpg.io", "Cluster", "{name}-server", "", false, append([]string{"ca.crt"}, tlsPair...)},
	{"postgresql.cnpg.io", "Cluster", "{name}-replication", "", false, append([]string{"ca.crt"}, tlsPair...)},
	{"acid.zalan.do", "postgresql", "", ".{name}.credentials.postgresql.acid.zalan.do", true, []string{"username", "password"}},
	{"postgres-operator.crunchydata.com", "PostgresCluster", "{name}-pguser-", "", true, nil},
	{"postgres-operator.crunchydata.com", "PostgresCluster", "{name}-cluster-cert", "", false, append([]string{"ca.crt"}, tlsPair...)},
	{"elasticsearch.k8s.elastic.co", "Elasticsearch", "{name}-es-elastic-user", "", false, []string{"elastic"}},
	{"elasticsearch.k8s.elastic.co", "Elasticsearch", "{name}-es-http-certs-public", "", false, []string{"ca.crt", "tls.crt"}},
	{"minio.min.io", "Tenant", "{name}-user-", "", true, nil},
}

func or(a, b string) string {
	if a != "" {
		return a
	}

	return b
}
