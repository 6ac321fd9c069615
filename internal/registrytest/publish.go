package registrytest

import (
	"fmt"
	"slices"
	"sync"
)

// repository is one package of the registry: its tags in the order in which they were first pushed.
type repository struct {
	tags  []string
	lists map[string]*target
	gone  map[string]bool // references whose manifest was lost
}

// target is what a tag points to; an image is built when somebody first asks for it, so that a thousand tags cost nothing.
type target struct {
	image Image
	build func() (digest string, err error)
}

func (s *Server) target(i Image) *target {
	return &target{image: i, build: sync.OnceValues(func() (string, error) { return i.build(s.store) })}
}

// Publish builds and pushes an image and returns the digest behind its tag. A tag that exists is moved; it keeps its place in the list.
func (s *Server) Publish(i Image) (digest string, err error) {
	t := s.target(i)
	if digest, err = t.build(); err != nil {
		return "", err
	}

	s.put(i.Name, i.Tag, t)

	return digest, nil
}

// Announce publishes an image whose bytes are only made when a client asks for them.
func (s *Server) Announce(i Image) { s.put(i.Name, i.Tag, s.target(i)) }

// Retag lets one more tag point to what another points to.
func (s *Server) Retag(repo, from, to string) error {
	s.mu.Lock()
	r := s.repos[repo]
	s.mu.Unlock()

	if r == nil || r.lists[from] == nil {
		return fmt.Errorf("retag %s:%s: no such tag", repo, from)
	}

	s.put(repo, to, r.lists[from])

	return nil
}

// Withdraw removes a tag from the list and from what can be pulled.
func (s *Server) Withdraw(repo, tag string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if r := s.repos[repo]; r != nil {
		delete(r.lists, tag)
		r.tags = slices.DeleteFunc(r.tags, func(t string) bool { return t == tag })
	}
}

// LoseManifest keeps a tag listed, or a digest named by an index, while its manifest can't be had any more: what is left when
// somebody cleans up "untagged" versions.
func (s *Server) LoseManifest(repo, reference string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if r := s.repos[repo]; r != nil {
		r.gone[reference] = true
	}
}

// Create makes a repository without tags.
func (s *Server) Create(repo string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.repo(repo)
}

func (s *Server) put(repo, tag string, t *target) {
	s.mu.Lock()
	defer s.mu.Unlock()

	r := s.repo(repo)
	if r.lists[tag] == nil {
		r.tags = append(r.tags, tag)
	}

	r.lists[tag] = t
	delete(r.gone, tag)
}

// repo wants s.mu held.
func (s *Server) repo(name string) *repository {
	r := s.repos[name]
	if r == nil {
		r = &repository{lists: map[string]*target{}, gone: map[string]bool{}}
		s.repos[name] = r
	}

	return r
}

// resolve turns a tag into a digest. A false tells that there is no such manifest.
func (s *Server) resolve(repo, reference string) (digest string, ok bool, err error) {
	s.mu.Lock()
	r := s.repos[repo]
	gone := r == nil || r.gone[reference]
	var t *target
	if r != nil {
		t = r.lists[reference]
	}
	s.mu.Unlock()

	switch {
	case gone:
		return "", false, nil
	case t != nil:
		digest, err = t.build()

		return digest, err == nil, err
	default:
		return reference, len(reference) > 7 && reference[:7] == "sha256:", nil
	}
}
