package inventory

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/goingdark-social/bot/internal/lazyre"
	"github.com/goingdark-social/bot/internal/node"
)

// stores takes databases, poolers, Redis and search servers: operators' objects first, then plain workloads.
func (t *taker) stores(o Object, n *yaml.Node) {
	group, _, _ := strings.Cut(o.APIVersion, "/")
	inv := t.inv
	switch group + " " + o.Kind {
	case "postgresql.cnpg.io Cluster":
		inv.Databases = append(inv.Databases, t.cnpg(o, n))
	case "postgresql.cnpg.io Pooler":
		inv.Poolers = append(inv.Poolers, Store{
			Object: o, Product: "pgbouncer", By: "cloudnative-pg",
			Mode: node.Text(node.Get(n, "spec", "pgbouncer", "poolMode")), Instances: node.Number(node.Get(n, "spec", "instances"), 0),
		})
	case "acid.zalan.do postgresql":
		t.zalando(o, n)
	case "postgres-operator.crunchydata.com PostgresCluster":
		inv.Databases = append(inv.Databases, t.stating(Store{Object: o, Product: "postgresql", By: "crunchy"}, node.Get(n, "spec", "postgresVersion")))
		if bouncer := node.Get(n, "spec", "proxy", "pgBouncer"); bouncer != nil {
			inv.Poolers = append(inv.Poolers, Store{Object: o, Product: "pgbouncer", By: "crunchy", Mode: node.Text(node.Get(bouncer, "config", "global", "pool_mode"))})
		}
	case "elasticsearch.k8s.elastic.co Elasticsearch":
		inv.Search = append(inv.Search, t.stating(Store{Object: o, Product: "elasticsearch", By: "eck"}, node.Get(n, "spec", "version")))
	case "opensearch.opster.io OpenSearchCluster":
		inv.Search = append(inv.Search, t.stating(Store{Object: o, Product: "opensearch", By: "opensearch-operator"}, node.Get(n, "spec", "general", "version")))
	case "redis.redis.opstreelabs.in Redis", "redis.redis.opstreelabs.in RedisReplication", "redis.redis.opstreelabs.in RedisCluster":
		inv.Redis = append(inv.Redis, t.imaged(o, "redis", "redis-operator", node.Get(n, "spec", "kubernetesConfig", "image")))
	case "databases.spotahome.com RedisFailover":
		inv.Redis = append(inv.Redis, t.imaged(o, "redis", "redis-operator", node.Get(n, "spec", "redis", "image")))
	case "dragonflydb.io Dragonfly":
		inv.Redis = append(inv.Redis, t.imaged(o, "dragonfly", "dragonfly-operator", node.Get(n, "spec", "image")))
	default:
		t.plainStores(o, n)
	}
}

func (t *taker) cnpg(o Object, n *yaml.Node) Store {
	s := t.imaged(o, "postgresql", "cloudnative-pg", node.Get(n, "spec", "imageName"))
	if major := node.Get(n, "spec", "imageCatalogRef", "major"); major != nil {
		s = t.stating(s, major)
	}
	s.Instances = node.Number(node.Get(n, "spec", "instances"), 0)
	return s
}

func (t *taker) zalando(o Object, n *yaml.Node) {
	t.inv.Databases = append(t.inv.Databases, t.stating(
		Store{Object: o, Product: "postgresql", By: "zalando", Instances: node.Number(node.Get(n, "spec", "numberOfInstances"), 0)},
		node.Get(n, "spec", "postgresql", "version")))
	if node.Truth(node.Get(n, "spec", "enableConnectionPooler")) || node.Truth(node.Get(n, "spec", "enableReplicaConnectionPooler")) {
		t.inv.Poolers = append(t.inv.Poolers, Store{
			Object: o, Product: "pgbouncer", By: "zalando",
			Mode:      node.Text(node.Get(n, "spec", "connectionPooler", "mode")),
			Instances: node.Number(node.Get(n, "spec", "connectionPooler", "numberOfInstances"), 0),
		})
	}
}

// plainStores takes workloads whose image is a server's. A Job or CronJob uses a server's image as a client.
func (t *taker) plainStores(o Object, n *yaml.Node) {
	if o.Kind == "Job" || o.Kind == "CronJob" || t.kustomize.patches[o.File] {
		return
	}
	for _, c := range node.Items(node.Get(podSpec(n), "containers")) {
		image := node.Get(c, "image")
		switch base := path.Base(imageName(node.Text(image))); base {
		case "postgres", "postgresql", "postgis", "timescaledb", "timescaledb-ha", "pgvecto-rs", "pgvector", "cloudnative-vectorchord":
			t.inv.Databases = append(t.inv.Databases, t.imaged(o, "postgresql", "workload", image))
		case "pgbouncer", "pgbouncer-exporter-bundle", "pgcat":
			t.inv.Poolers = append(t.inv.Poolers, t.imaged(o, base, "workload", image))
		case "redis", "redis-stack-server", "valkey", "keydb", "dragonfly":
			t.inv.Redis = append(t.inv.Redis, t.imaged(o, base, "workload", image))
		case "elasticsearch", "elasticsearch-oss", "opensearch":
			t.inv.Search = append(t.inv.Search, t.imaged(o, strings.TrimSuffix(base, "-oss"), "workload", image))
		}
	}
}

// imaged is a store whose version its image's tag tells.
func (t *taker) imaged(o Object, product, by string, image *yaml.Node) Store {
	s := Store{Object: o, Product: product, By: by}
	if v := tagVersion(node.Text(image)); v != "" {
		s.Version = v
		s.VersionFile, s.VersionLine = t.place(o, image)
	}
	return s
}

// stating is a store with the version that a node states.
func (t *taker) stating(s Store, version *yaml.Node) Store {
	s.Version = node.Text(version)
	s.VersionFile, s.VersionLine = t.place(s.Object, version)
	return s
}

var versionIn = lazyre.New(`^(?:v|pg|RELEASE\.)?(\d+(?:\.\d+)*)|-pg(\d+(?:\.\d+)*)`)

// tagVersion reads the server's version off a tag: 7.2.5-alpine, v16.3, pg16, latest-pg16.
func tagVersion(image string) string {
	image, _, _ = strings.Cut(image, "@")
	i := strings.LastIndexByte(image, ':')
	if i < 0 || i < strings.LastIndexByte(image, '/') {
		return ""
	}
	all := versionIn.FindAllStringSubmatch(image[i+1:], -1)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1] // 2.15.0-pg16 is TimescaleDB 2.15 on PostgreSQL 16
	return last[1] + last[2]
}

// external lists the servers that variables name while nothing in the tree runs one: their versions are unknown.
func (t *taker) external() {
	inv := t.inv
	outside := func(stores *[]Store, product string, names ...string) {
		if len(*stores) > 0 {
			return
		}
		for _, s := range inv.Settings {
			host := externalHost(s, names)
			if host == "" {
				continue
			}
			*stores = append(*stores, Store{Object: Object{Kind: "Host", Name: host, File: s.File, Line: s.Line, Listed: true}, Product: product, By: "external"})
			return
		}
	}
	outside(&inv.Databases, "postgresql", "DB_HOST", "DATABASE_URL")
	outside(&inv.Redis, "redis", "REDIS_HOST", "REDIS_URL")
	outside(&inv.Search, "elasticsearch", "ES_HOST")
}

func externalHost(s Setting, names []string) string {
	for _, name := range names {
		switch {
		case s.Name != name || !s.Known:
		case strings.Contains(s.Value, "://"):
			return hostOf(s.Value) // never the password in front of it
		default:
			return s.Value
		}
	}
	return ""
}
