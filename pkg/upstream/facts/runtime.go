package facts

// Runtime is one piece of software at the version that the release ships or locks.
type Runtime struct {
	// Name: bundler, debian, node, puma, rails, ruby, sidekiq, yarn …
	Name string `json:"name"`
	// Version as the source has it ("3.4.4", "22", "bookworm").
	Version string `json:"version"`
	Place
}

// Floor is the lowest version of something around the release that it works with.
type Floor struct {
	// Name: elasticsearch, node, postgresql, redis, ruby, zero-downtime.
	Name string `json:"name"`
	// Version ("14.0", "7.0"); for zero-downtime the oldest release from which a two-phase upgrade is supported.
	Version string `json:"version"`
	// Schema is, for zero-downtime, the schema version that the code compares with.
	Schema string `json:"schema,omitempty"`
	// Enforced says that code refuses what is older; otherwise only documentation says so.
	Enforced bool `json:"enforced"`
	Place
}

// Queue is one Sidekiq queue of config/sidekiq.yml.
type Queue struct {
	Name   string `json:"name"`
	Weight int    `json:"weight"` // 1 when the file gives none
}

// Process is one process of the release as its compose file and images run it.
type Process struct {
	// Name: web, sidekiq, streaming.
	Name    string `json:"name"`
	Command string `json:"command"`
	// Port that it listens on by default; 0 for none.
	Port int `json:"port"`
	// Health is the path of its health endpoint; empty for none.
	Health string `json:"health"`
	// Title is how the process calls itself in ps, up to its major version ("sidekiq 8"); empty when unknown.
	Title string `json:"title"`
	Place
}

// Search is one Elasticsearch index definition. A new digest means that the index has to be made again.
type Search struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	Digest string `json:"digest"` // of the file beyond white space and comments, 12 hex digits of SHA-256
}
