"""The command, which `spark-submit` may be given as a file, too."""

from rulewright.spark.command import main

if __name__ == "__main__":
    main()
