package gitmem

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// question is what a client wants of upload-pack.
type question struct {
	want, have []plumbing.Hash
	shallow    map[plumbing.Hash]bool
	depth      int
	bare       bool // commits alone, without their trees
}

func ask(body io.Reader) (question, error) {
	q := question{shallow: map[plumbing.Hash]bool{}}

	lines := pktline.NewScanner(body)
	for lines.Scan() {
		fields := strings.Fields(string(lines.Bytes()))
		if len(fields) < 2 {
			continue
		}

		switch fields[0] {
		case "want":
			q.want = append(q.want, plumbing.NewHash(fields[1]))
		case "have":
			q.have = append(q.have, plumbing.NewHash(fields[1]))
		case "shallow":
			q.shallow[plumbing.NewHash(fields[1])] = true
		case "deepen":
			depth, err := strconv.Atoi(fields[1])
			if err != nil {
				return q, err
			}

			q.depth = depth
		case "filter":
			q.bare = fields[1] == "tree:0"
		}
	}

	return q, lines.Err()
}

// upload sends what was asked for, always in whole: to leave out what the
// client has would save nothing here.
func (r *Repo) upload(w http.ResponseWriter, body io.Reader) error {
	q, err := ask(body)
	if err != nil {
		return err
	}

	had, err := r.had(q)
	if err != nil {
		return err
	}

	sent, err := r.reachable(q.want, q.depth, had)
	if err != nil {
		return err
	}

	objects := append([]plumbing.Hash{}, sent.order...)

	if !q.bare {
		if objects, err = r.below(objects); err != nil {
			return err
		}
	}

	w.Header().Set("Content-Type", "application/x-git-upload-pack-result")

	out := pktline.NewEncoder(w)

	if q.depth > 0 {
		for _, hash := range sent.edge {
			if err := out.Encodef("shallow %s\n", hash); err != nil {
				return err
			}
		}

		if err := out.Flush(); err != nil {
			return err
		}
	}

	if err := out.EncodeString("NAK\n"); err != nil {
		return err
	}

	_, err = packfile.NewEncoder(w, r.storage, false).Encode(objects, 0)

	return err
}

// had are the commits that the client has, with their history. One that it has
// shallow says nothing about what lies below it.
func (r *Repo) had(q question) (map[plumbing.Hash]bool, error) {
	had := map[plumbing.Hash]bool{}

	for _, hash := range q.have {
		if r.storage.HasEncodedObject(hash) != nil || q.shallow[hash] {
			continue
		}

		h, err := r.reachable([]plumbing.Hash{hash}, 0, had)
		if err != nil {
			return nil, err
		}

		for c := range h.commits {
			had[c] = true
		}
	}

	return had, nil
}

// below adds the trees and blobs of commits.
func (r *Repo) below(commits []plumbing.Hash) ([]plumbing.Hash, error) {
	seen, all := map[plumbing.Hash]bool{}, commits

	for _, hash := range commits {
		c, err := object.GetCommit(r.storage, hash)
		if err != nil {
			return nil, err
		}

		if all, err = r.walk(c.TreeHash, seen, all); err != nil {
			return nil, err
		}
	}

	return all, nil
}

func (r *Repo) walk(tree plumbing.Hash, seen map[plumbing.Hash]bool, all []plumbing.Hash) ([]plumbing.Hash, error) {
	if seen[tree] {
		return all, nil
	}

	seen[tree] = true
	all = append(all, tree)

	t, err := object.GetTree(r.storage, tree)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", tree, err)
	}

	for _, e := range t.Entries {
		switch {
		case e.Mode == filemode.Dir:
			if all, err = r.walk(e.Hash, seen, all); err != nil {
				return nil, err
			}
		case !seen[e.Hash]:
			seen[e.Hash] = true
			all = append(all, e.Hash)
		}
	}

	return all, nil
}
