package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// The size of the generated repository.
const (
	monoFiles  = 50_000
	monoImages = 200
)

// instances are the folders of fifty manifests that are Mastodon's, each with a
// kustomization.
const instances = monoImages / 50

// monorepo writes a repository of many teams: folders of fifty files, two in
// five of them manifests, and a few instances of Mastodon.
func monorepo(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}

	for i := range monoFiles {
		folder := filepath.Join(dir, fmt.Sprintf("team-%03d", i/500), fmt.Sprintf("service-%02d", i/50%10))
		if i%50 == 0 {
			if err := os.MkdirAll(folder, 0o750); err != nil {
				return err
			}
		}

		name, text := monoFile(i)
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return err
		}
	}

	for i := range instances {
		if err := instance(filepath.Join(dir, fmt.Sprintf("team-%03d", i*20), "mastodon")); err != nil {
			return err
		}
	}

	return nil
}

// instance writes one Mastodon: fifty manifests and their kustomization.
func instance(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}

	list := bytes.NewBufferString("resources:\n")

	for i := range monoImages / instances {
		name := fmt.Sprintf("part-%02d.yaml", i)
		fmt.Fprintf(list, "- %s\n", name)

		if err := os.WriteFile(filepath.Join(dir, name), manifest(i, "ghcr.io/glitch-soc/mastodon:v4.4.3"), 0o600); err != nil {
			return err
		}
	}

	return os.WriteFile(filepath.Join(dir, "kustomization.yaml"), list.Bytes(), 0o600)
}

func monoFile(i int) (name string, text []byte) {
	if i%5 >= 2 {
		return fmt.Sprintf("source-%05d.go", i), bytes.Repeat(fmt.Appendf(nil, "// line of code %d that names no image\n", i), 60)
	}

	return fmt.Sprintf("manifest-%05d.yaml", i), manifest(i, fmt.Sprintf("registry.example.org/team/service-%d:v1.2.%d", i, i%40))
}

func manifest(i int, image string) []byte {
	return fmt.Appendf(nil, `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-%d
  labels: {app: service-%d}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: %s
          env:
            - {name: LOG_LEVEL, value: info}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
`, i, i, image)
}
