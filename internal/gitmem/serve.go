package gitmem

import (
	"net/http"
	"path"

	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
)

const (
	uploadPack  = "git-upload-pack"
	receivePack = "git-receive-pack"
)

// ServeHTTP answers as a forge does for this repository, whatever its address.
func (r *Repo) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()

	var err error

	switch path.Base(req.URL.Path) {
	case "refs":
		err = r.advertise(w, req.URL.Query().Get("service"))
	case uploadPack:
		err = r.upload(w, req.Body)
	case receivePack:
		err = r.receive(w, req.Body)
	default:
		http.NotFound(w, req)
	}

	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

func (r *Repo) advertise(w http.ResponseWriter, service string) error {
	adv := packp.NewAdvRefs()
	adv.Prefix = [][]byte{[]byte("# service=" + service), pktline.Flush}

	set := []capability.Capability{capability.ReportStatus, capability.DeleteRefs, capability.OFSDelta}
	if service == uploadPack {
		set = []capability.Capability{capability.Shallow, capability.NoProgress, capability.Filter, capability.OFSDelta}
	}

	for _, c := range set {
		if err := adv.Capabilities.Set(c); err != nil {
			return err
		}
	}

	if err := adv.Capabilities.Set(capability.Agent, "gitmem/1"); err != nil {
		return err
	}

	for name, hash := range r.refs() {
		adv.References[name.String()] = hash
	}

	w.Header().Set("Content-Type", "application/x-"+service+"-advertisement")

	return adv.Encode(w)
}
