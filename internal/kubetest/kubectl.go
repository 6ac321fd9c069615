//go:build real

package kubetest

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
)

// Kubectl runs kubectl as a user and returns all that it printed.
func (c *Cluster) Kubectl(user User, args ...string) (string, error) {
	config := c.kubeconfig(user)
	cmd := exec.CommandContext(c.t.Context(), program(c.t, "kubectl"), append([]string{"--kubeconfig", config}, args...)...)
	// Nothing of the machine that runs the tests: no plugins, no cache of discovery.
	cmd.Env = []string{"HOME=" + filepath.Dir(config)}

	out, err := cmd.CombinedOutput()

	return string(out), err
}

// kubeconfig writes how a user reaches the cluster.
func (c *Cluster) kubeconfig(user User) string {
	config := c.Config(user)

	type object = map[string]any

	data, err := json.Marshal(object{
		"apiVersion": "v1", "kind": "Config", "current-context": "test",
		"clusters": []object{{"name": "test", "cluster": object{"server": config.Host, "certificate-authority": config.CAFile}}},
		"users":    []object{{"name": "test", "user": object{"token": config.BearerToken}}},
		"contexts": []object{{"name": "test", "context": object{"cluster": "test", "user": "test"}}},
	})
	if err != nil {
		c.t.Fatalf("kubetest: %v", err)
	}

	file := filepath.Join(c.t.TempDir(), "kubeconfig")
	write(c.t, file, data)

	return file
}
