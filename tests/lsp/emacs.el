;; Emacs in batch mode with eglot: what the language server shows on shop.rules, and what it changes in it.
(package-initialize)
(require 'eglot)
(require 'json)

;; As docs/editors.md says, but for the program, which here is that of the tests.
(define-derived-mode rulewright-mode prog-mode "Rules" (setq-local comment-start "# "))
(add-to-list 'auto-mode-alist '("\\.rules\\'" . rulewright-mode))
(add-to-list 'eglot-server-programs `(rulewright-mode . (,(getenv "PYTHON") "-m" "rulewright" "lsp" "--stdio")))

(setq eglot-sync-connect 60 eglot-connect-timeout 60 eglot-autoshutdown nil make-backup-files nil)

(defun tell (name value) (princ (format "%s: %s\n" name (json-encode value))))

(defun wait-for (condition)
  (let ((end (+ (float-time) 60)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    found))

(defun line-at (number)
  (save-excursion (goto-char (point-min)) (forward-line (1- number))
                  (buffer-substring-no-properties (line-beginning-position) (line-end-position))))

(find-file "shop.rules")
(apply #'eglot (eglot--guess-contact))
(tell "mode" (symbol-name major-mode))

(flymake-mode 1)
(flymake-start)
(wait-for (lambda () (flymake-diagnostics)))
(tell "diagnostics" (vconcat (mapcar (lambda (found) (substring-no-properties (flymake-diagnostic-text found)))
                                     (flymake-diagnostics))))

(search-forward "con" (save-excursion (search-forward "context") (point)))
(let ((capf (eglot-completion-at-point)))
  (tell "completion" (vconcat (mapcar #'substring-no-properties (all-completions "con" (nth 2 capf))))))

(search-forward "city")
(goto-char (match-beginning 0))
(tell "hover" (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover
                                                     (eglot--TextDocumentPositionParams)) :contents) :value))

(goto-char (point-max))
(search-backward "Orders")
(let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
  (tell "definition" (xref-location-line (xref-item-location (car found)))))
(eglot-rename "Sales")
(tell "renamed" (vector (line-at 3) (line-at 11)))

(goto-char (point-min))
(search-forward "languge")
(let ((fix (seq-find (lambda (action) (equal (plist-get action :kind) "quickfix"))
                     (append (eglot-code-actions (match-beginning 0) (match-end 0)) nil))))
  (eglot--apply-workspace-edit (plist-get fix :edit)))
(tell "fixed" (line-at 5))
(eglot-format-buffer)
(tell "formatted" (line-at 4))
