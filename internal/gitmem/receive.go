package gitmem

import (
	"io"
	"net/http"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
)

// receive takes a push: what it brings, and then each reference that is still
// where the client saw it.
func (r *Repo) receive(w http.ResponseWriter, body io.ReadCloser) error {
	req := packp.NewReferenceUpdateRequest()
	if err := req.Decode(body); err != nil {
		return err
	}

	report := packp.NewReportStatus()
	report.UnpackStatus = "ok"

	for _, c := range req.Commands {
		if c.New.IsZero() {
			continue
		}

		if err := packfile.UpdateObjectStorage(r.storage, req.Packfile); err != nil {
			report.UnpackStatus = err.Error()
		}

		break
	}

	for _, c := range req.Commands {
		report.CommandStatuses = append(report.CommandStatuses, &packp.CommandStatus{ReferenceName: c.Name, Status: r.move(c)})
	}

	w.Header().Set("Content-Type", "application/x-git-receive-pack-result")

	return report.Encode(w)
}

func (r *Repo) move(c *packp.Command) string {
	at := plumbing.ZeroHash
	if ref, err := r.storage.Reference(c.Name); err == nil {
		at = ref.Hash()
	}

	if at != c.Old {
		return "failed to update ref"
	}

	if c.New.IsZero() {
		if err := r.storage.RemoveReference(c.Name); err != nil {
			return err.Error()
		}

		r.pushes++

		return "ok"
	}

	if _, err := object.GetCommit(r.storage, c.New); err != nil {
		return "missing necessary objects"
	}

	if err := r.storage.SetReference(plumbing.NewHashReference(c.Name, c.New)); err != nil {
		return err.Error()
	}

	r.pushes++

	return "ok"
}
