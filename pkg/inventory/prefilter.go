package inventory

import (
	"bytes"
	"slices"
)

// A repository holds thousands of manifests, and few of them matter here. Parsing one costs a hundred times what looking at its
// bytes does, so a file is looked at first: at the kinds it names, and for kinds that everybody uses at the names in it.

// weight is how much a kind matters.
type weight int

const (
	never  weight = iota
	named         // when a pod here names the object: parsed late
	imaged        // when the file names an image of Mastodon or of a server
	always        // whatever else the file says
)

// maxKinds is how often a file may say kind; one that says it more often counts as one that matters.
const maxKinds = 4096

// weightOf tells how much a kind matters. Definitions of kinds are long, and speak of everything without being it.
func weightOf(kind []byte) weight {
	switch string(kind) {
	case "ConfigMap", "Secret", "ExternalSecret", "SealedSecret", "Certificate":
		return named
	case "", "CustomResourceDefinition":
		return never
	case "Application", "ApplicationSet", "Kustomization", "HelmRelease",
		"Cluster", "Pooler", "ScheduledBackup", "postgresql", "PostgresCluster",
		"Elasticsearch", "OpenSearchCluster", "Redis", "RedisReplication", "RedisCluster", "RedisFailover", "Dragonfly", "Valkey", "Schedule":
		return always
	}
	return imaged // any other kind may hold pods, or be a list
}

// matters looks at a file's bytes: the most that any of its kinds weighs, where the file also says what the weight asks for.
func (t *taker) matters(data []byte) weight {
	most := never
	seen := 0
	for rest := data; most < always; {
		i := bytes.Index(rest, []byte("kind"))
		if i < 0 {
			break
		}
		rest = rest[i+len("kind"):]
		most = max(most, weightOf(kindAfter(rest)))
		if seen++; seen > maxKinds {
			most = always
		}
	}
	if most == imaged && !t.mentions(data) {
		return t.also(data)
	}
	return most
}

// also is what a file weighs that has a workload of no concern: it may hold configuration beside it.
func (t *taker) also(data []byte) weight {
	for _, kind := range []string{"ConfigMap", "Secret"} {
		if bytes.Contains(data, []byte(kind)) {
			return named
		}
	}
	return never
}

// kindAfter is the word after kind and its colon, quoted or not.
func kindAfter(rest []byte) []byte {
	rest = bytes.TrimLeft(rest, "\"' \t")
	rest, ok := bytes.CutPrefix(rest, []byte(":"))
	if !ok {
		return nil
	}
	rest = bytes.TrimLeft(rest, "\"' \t")
	end := bytes.IndexFunc(rest, func(r rune) bool { return r < '0' || r > 'z' })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

// mentions says that a file names an image that can matter, or backs a database up.
func (t *taker) mentions(data []byte) bool {
	for _, word := range []string{
		"mastodon", "postg", "pgbouncer", "pgcat", "timescale", "pgvect", "vectorchord", "redis", "valkey", "keydb", "dragonfly",
		"elasticsearch", "opensearch", "pg_", "pgbackrest", "wal-g", "barman",
	} {
		if bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return slices.ContainsFunc(t.images, func(image string) bool { return bytes.Contains(data, []byte(image)) })
}
