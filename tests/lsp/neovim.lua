-- Asks the language server as Neovim does, and prints what comes, a line for each question.
-- nvim --headless --clean -u NONE -l is newer than Debian's Neovim, so: nvim --headless --clean -S neovim.lua FILE
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = "rulewright",
  cmd = { vim.env.PYTHON, "-m", "rulewright", "lsp", "--stdio" },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(buffer, client)

local function say(name, value)
  io.stdout:write(name .. ": " .. vim.fn.json_encode(value) .. "\n")
end

local function ask(method, line, character, more)
  local parameters = vim.tbl_extend("force", {
    textDocument = vim.lsp.util.make_text_document_params(buffer),
    position = { line = line, character = character },
  }, more or {})
  local answers, problem = vim.lsp.buf_request_sync(buffer, method, parameters, 30000)
  assert(answers, problem)
  local _, answer = next(answers)
  return answer and answer.result
end

assert(vim.wait(30000, function()
  return #vim.diagnostic.get(buffer) > 0
end, 50))
local found = vim.diagnostic.get(buffer)
say("diagnostics", vim.tbl_map(function(one) return one.code or one.user_data.lsp.code end, found))

local completed = ask("textDocument/completion", 5, 9)
say("completion", vim.tbl_map(function(one) return one.label end, completed.items))
say("hover", ask("textDocument/hover", 5, 3).contents.value)
say("definition", ask("textDocument/definition", 10, 11)[1].range.start.line)
local renamed = ask("textDocument/rename", 10, 11, { newName = "All orders" })
say("rename", #vim.tbl_values(renamed.changes)[1])

local range = { start = { line = 4, character = 2 }, ["end"] = { line = 4, character = 8 } }
local actions = ask("textDocument/codeAction", 4, 3, { range = range, context = { diagnostics = {} } })
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
say("fixed", vim.api.nvim_buf_get_lines(buffer, 4, 5, false)[1])

local edits = ask("textDocument/formatting", 0, 0, { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, buffer, "utf-16")
say("formatted", vim.api.nvim_buf_get_lines(buffer, 3, 4, false)[1])

vim.api.nvim_buf_set_lines(buffer, 3, 4, false, { '       when type = "track"' })
local part = { start = { line = 3, character = 0 }, ["end"] = { line = 3, character = 1 } }
local ranged = ask("textDocument/rangeFormatting", 0, 0, { range = part, options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(ranged, buffer, "utf-16")
say("ranged", vim.api.nvim_buf_get_lines(buffer, 3, 4, false)[1])

vim.api.nvim_create_autocmd("BufWritePre", {
  buffer = 0,
  callback = function() (vim.lsp.buf.format or vim.lsp.buf.formatting_sync)() end,
})
vim.api.nvim_buf_set_lines(buffer, 3, 4, false, { '       when type = "track"' })
vim.cmd("write")
say("saved", vim.fn.readfile("shop.rules")[4])

local symbols = ask("workspace/symbol", 0, 0, { query = "order" })
say("symbols", vim.tbl_map(function(one) return one.name end, symbols))
local grown = ask("textDocument/selectionRange", 0, 0, { positions = { { line = 5, character = 15 } } })
say("grown", grown[1].range["end"].character - grown[1].range.start.character)
say("tokens", #ask("textDocument/semanticTokens/full", 0, 0).data % 5)

local lenses = ask("textDocument/codeLens", 0, 0)
local ran = ask("workspace/executeCommand", 0, 0, lenses[1].command)
say("lens", { lenses[1].command.title, ran.passed, ran.text })
vim.cmd("qa!")
