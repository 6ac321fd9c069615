package registry

// Client asks registries. It is safe for concurrent use and meant to be kept: tokens, pages and contents are reused.
type Client struct {
	*core

	asked *memo // nil: every question is asked again
}

// core is what all passes of a client share.
type core struct {
	opts Options
	wire *wire

	signIn   *turns           // one at a time for an image
	sessions *cache[*session] // by image

	pages     *cache[page]     // by URL, revalidated by ETag
	pointers  *cache[string]   // image and tag → the digest last seen, revalidated by HEAD
	manifests *cache[manifest] // by digest, for ever
	platforms *cache[Platform] // by the digest of the platform's manifest, for ever
}

// The caches' bounds. A thousand tags are one page or ten; an image of two platforms takes one manifest and two platforms.
const (
	maxSessions  = 64
	maxPages     = 256
	maxPointers  = 4096
	maxManifests = 4096
)

// New makes a client. Options that contradict themselves are an error; nothing is asked yet.
func New(o Options) (*Client, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}

	return &Client{core: &core{
		opts:      o,
		wire:      newWire(o),
		signIn:    newTurns(),
		sessions:  newCache[*session](maxSessions),
		pages:     newCache[page](maxPages),
		pointers:  newCache[string](maxPointers),
		manifests: newCache[manifest](maxManifests),
		platforms: newCache[Platform](maxManifests),
	}}, nil
}

// Pass gives a view of the client for one pass: tokens and caches are shared, and what was answered once (also that something is not
// there) holds to the end of the pass, so that all its decisions rest on the same facts.
func (c *Client) Pass() *Client { return &Client{core: c.core, asked: newMemo()} }
